namespace Mka1.Edge.Policies.Balancing;

/// <summary>How many requests affinity may leave at one destination.</summary>
/// <param name="Outstanding">Requests under way at all of them.</param>
/// <param name="Weights">Sum of their weights.</param>
/// <param name="Factor">How many times its share one may have, 1 or more.</param>
/// <param name="Free">Requests one may have whatever the others have.</param>
public readonly record struct LoadBound(long Outstanding, long Weights, double Factor, int Free)
{
    /// <summary>The bound for a choice among these.</summary>
    public static LoadBound Of(ReadOnlySpan<Candidate> candidates, double factor, int free)
    {
        var (outstanding, weights) = (0L, 0L);
        foreach (var candidate in candidates)
        {
            outstanding += candidate.Outstanding;
            weights += candidate.Weight;
        }

        return new LoadBound(outstanding, weights, factor, free);
    }

    /// <summary>Requests that a candidate may have, the next one included.</summary>
    public int For(Candidate candidate) => (int)Math.Max(Free, Math.Ceiling(Factor * (Outstanding + 1) * candidate.Weight / Weights));

    /// <summary>Whether a candidate may have one more.</summary>
    public bool Holds(Candidate candidate) => candidate.Outstanding + 1 <= For(candidate);
}
