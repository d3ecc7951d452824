namespace Mka1.Edge.Policies.Canary;

/// <summary>
/// Quantiles of a stream of positive numbers in bounded memory: counts in buckets that each are 5% wider than the one before, so that a
/// quantile is told within 2.5% of the number there. Takes numbers from any thread.
/// </summary>
/// <remarks>The buckets are those of DDSketch (Masson et al., 2019) with a fixed range.</remarks>
public sealed class QuantileSketch
{
    private const double Smallest = 1e-5;
    private const double Largest = 1e5;
    private const double Growth = 1.05;

    private static readonly double LogGrowth = Math.Log(Growth);
    private static readonly int Buckets = Index(Largest) + 1;

    private readonly long[] _counts = new long[Buckets];

    /// <summary>Numbers taken in.</summary>
    public long Count => _counts.Sum();

    /// <summary>Takes a number in; what is outside 0.00001 to 100,000 counts as the nearer end.</summary>
    public void Add(double value) => Interlocked.Increment(ref _counts[Math.Min(Index(value), Buckets - 1)]);

    /// <summary>The number below which the share <paramref name="quantile"/> (0 to 1) of all numbers lies; null when there are none.</summary>
    public double? Quantile(double quantile)
    {
        var counts = (long[])_counts.Clone();
        var total = counts.Sum();
        if (total == 0) return null;
        var rank = (long)Math.Ceiling(quantile * total);
        long seen = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            seen += counts[i];
            if (seen >= Math.Max(1, rank)) return Smallest * Math.Pow(Growth, i - 0.5);
        }

        return Largest;
    }

    private static int Index(double value) => value <= Smallest ? 0 : (int)Math.Ceiling(Math.Log(value / Smallest) / LogGrowth);
}
