namespace Mka1.Edge.Policies.Balancing;

/// <summary>
/// Keeps requests that share a beginning at the destination that has computed it: rendezvous hashing with weights, so that a
/// destination that leaves moves its own requests only. <see cref="LoadBound"/> keeps one from getting too many of them
/// (consistent hashing with bounded loads, https://arxiv.org/abs/1608.01350).
/// </summary>
public static class Affinity
{
    /// <summary>The number of a destination: the same for the same name everywhere.</summary>
    public static ulong IdOf(string name)
    {
        // FNV-1a: string.GetHashCode differs from process to process.
        var hash = 14695981039346656037UL;
        foreach (var c in name) hash = (hash ^ char.ToUpperInvariant(c)) * 1099511628211UL;
        return Mix(hash);
    }

    /// <summary>The candidate that a key belongs to.</summary>
    /// <returns>Its index; -1 when there is none.</returns>
    public static int Home(ReadOnlySpan<Candidate> candidates, ulong key)
    {
        var (best, highest) = (-1, double.NegativeInfinity);
        for (var i = 0; i < candidates.Length; i++)
        {
            if (Rank(candidates[i], key) is var rank && rank <= highest) continue;
            (best, highest) = (i, rank);
        }

        return best;
    }

    /// <summary>How strongly a key belongs to a candidate: of two, it is at home with the one that ranks higher.</summary>
    public static double Rank(Candidate candidate, ulong key)
    {
        // 53 bits make a number above 0 and below 1 of even spread.
        var even = ((Mix(key ^ candidate.Id) >> 11) + 0.5) * (1.0 / (1UL << 53));
        return -candidate.Weight / Math.Log(even);
    }

    /// <summary>Spreads the bits of a number over all of it.</summary>
    public static ulong Mix(ulong value)
    {
        // The finishing steps of SplitMix64.
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }
}
