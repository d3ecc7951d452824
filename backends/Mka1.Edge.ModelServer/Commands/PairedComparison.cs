namespace Mka1.Edge.ModelServer.Commands;

/// <summary>Two models on the same cases: what each alone answered right, and how often chance alone would part equals so far.</summary>
/// <param name="OnlyThis">Cases that the first model alone answered right.</param>
/// <param name="OnlyAgainst">Cases that the second model alone answered right.</param>
internal sealed record PairedComparison(int OnlyThis, int OnlyAgainst)
{
    /// <summary>McNemar's exact test, two-sided: cases that both got right or both got wrong say nothing, and each other falls to either side with equal odds.</summary>
    public double PValue { get; } = TwoSided(OnlyThis, OnlyAgainst);

    /// <summary>Compares two models by what each got right.</summary>
    /// <param name="right">Per case, whether the first model was right.</param>
    /// <param name="against">The same of the second model, of the same length.</param>
    public static PairedComparison Of(IEnumerable<bool> right, IEnumerable<bool> against)
    {
        var (onlyThis, onlyAgainst) = (0, 0);
        foreach (var (first, second) in right.Zip(against))
        {
            onlyThis += first && !second ? 1 : 0;
            onlyAgainst += second && !first ? 1 : 0;
        }
        return new PairedComparison(onlyThis, onlyAgainst);
    }

    // Twice the binomial tail of the rarer side, summed by ratios below its largest term: 2^-n itself is no double for large n.
    private static double TwoSided(int a, int b)
    {
        var (n, fewer) = (a + b, Math.Min(a, b));
        var (logLast, sum, term) = (-n * Math.Log(2), 1.0, 1.0);
        for (var i = 0; i < fewer; i++)
            logLast += Math.Log((n - i) / (i + 1.0));
        for (var i = fewer; i > 0; i--)
            sum += term *= i / (n - i + 1.0);
        return Math.Min(1, 2 * sum * Math.Exp(logLast));
    }
}
