namespace Mka1.Edge.Policies.Balancing;

/// <summary>Chooses among destinations that may all be chosen. Nothing is allocated, nothing is remembered.</summary>
public static class Balancer
{
    /// <summary>Chooses one.</summary>
    /// <param name="policy">How.</param>
    /// <param name="candidates">Which; their load is what the policy goes by.</param>
    /// <param name="key">What the request is kept together with others by; null for nothing.</param>
    /// <param name="factor">How many times its share of the requests affinity may give a destination, 1 or more.</param>
    /// <param name="free">Requests that affinity may give it whatever the others have.</param>
    /// <param name="turn">Counts up from choice to choice.</param>
    /// <param name="random">From 0 to 1, without 1.</param>
    /// <returns>Its index; -1 when there is no candidate.</returns>
    public static int Choose(
        BalancingPolicy policy, ReadOnlySpan<Candidate> candidates, AffinityKey? key, double factor, int free, uint turn, double random) => policy switch
    {
        _ when candidates.Length < 2 => candidates.Length - 1,
        BalancingPolicy.Affinity when key is { Binds: true } binding => Affine(candidates, binding, factor, free, random),
        BalancingPolicy.RoundRobin => InTurn(candidates, turn),
        BalancingPolicy.Random => Weighted(candidates, random),
        _ => LeastLoaded(candidates, key, random, bound: null),
    };

    private static int Affine(ReadOnlySpan<Candidate> candidates, AffinityKey key, double factor, int free, double random)
    {
        var bound = LoadBound.Of(candidates, factor, free);
        var home = Affinity.Home(candidates, key.Hash);

        // Some candidate is within its bound: the bounds together are more than what is under way.
        return bound.Holds(candidates[home]) ? home : LeastLoaded(candidates, key, random, bound);
    }

    private static int LeastLoaded(ReadOnlySpan<Candidate> candidates, AffinityKey? key, double random, LoadBound? bound)
    {
        var (best, lowest, rank) = (-1, double.PositiveInfinity, 0.0);
        for (var i = 0; i < candidates.Length; i++)
        {
            var candidate = candidates[i];
            if (bound is { } limit && !limit.Holds(candidate)) continue;
            var load = (candidate.Load + 1) / candidate.Weight;
            if (load > lowest) continue;

            // Among equals: where the request is at home, so that the next one of its kind finds the same; else any.
            var mine = key is { } affine ? Affinity.Rank(candidate, affine.Hash) : Affinity.Mix((ulong)(random * (1UL << 53)) + (ulong)i);
            if (load == lowest && mine <= rank) continue;
            (best, lowest, rank) = (i, load, mine);
        }

        return best;
    }

    private static int InTurn(ReadOnlySpan<Candidate> candidates, uint turn)
    {
        // Weights of 100 and 100 are one turn each, not a hundred.
        var (divisor, total) = (0, 0L);
        foreach (var candidate in candidates)
        {
            divisor = GreatestCommonDivisor(divisor, candidate.Weight);
            total += candidate.Weight;
        }

        return At(candidates, turn % (total / divisor) * divisor);
    }

    private static int Weighted(ReadOnlySpan<Candidate> candidates, double random)
    {
        var total = 0L;
        foreach (var candidate in candidates) total += candidate.Weight;
        return At(candidates, (long)(random * total));
    }

    private static int At(ReadOnlySpan<Candidate> candidates, long position)
    {
        for (var i = 0; i < candidates.Length; i++)
        {
            position -= candidates[i].Weight;
            if (position < 0) return i;
        }

        return candidates.Length - 1;
    }

    private static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
}
