using Mka1.Edge.Policies.Balancing;

namespace Mka1.Edge.Policies.Tests.Balancing;

/// <summary>Promise: requests of one kind stay together, a destination that leaves moves its own only, and none gets more than its bound.</summary>
public sealed class AffinityTests
{
    private const int Keys = 20_000;

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    public void A_destination_that_leaves_moves_its_own_keys_and_no_others(int count)
    {
        var all = Candidates(count);
        foreach (var leaving in Enumerable.Range(0, count))
        {
            Candidate[] rest = [.. all.Where((_, i) => i != leaving)];
            for (var i = 0; i < Keys / 10; i++)
            {
                var key = Affinity.Mix((ulong)i + 1);
                var before = all[Affinity.Home(all, key)];
                var after = rest[Affinity.Home(rest, key)];
                if (before.Id != all[leaving].Id) Assert.Equal(before.Id, after.Id);
            }
        }
    }

    [Fact]
    public void Keys_spread_by_weight()
    {
        Candidate[] candidates = [new(Affinity.IdOf("a"), 100, 0, 0), new(Affinity.IdOf("b"), 200, 0, 0), new(Affinity.IdOf("c"), 700, 0, 0)];
        var counts = new int[3];
        for (var i = 0; i < Keys; i++) counts[Affinity.Home(candidates, Affinity.Mix((ulong)i + 1))]++;
        Assert.InRange(counts[0], Keys * 0.09, Keys * 0.11);
        Assert.InRange(counts[1], Keys * 0.18, Keys * 0.22);
        Assert.InRange(counts[2], Keys * 0.68, Keys * 0.72);
    }

    [Theory]
    [InlineData(3, 1.0, 0)]
    [InlineData(3, 1.25, 0)]
    [InlineData(5, 1.25, 4)]
    [InlineData(7, 2.0, 1)]
    public void However_keys_are_skewed_no_destination_passes_its_bound(int count, double factor, int free)
    {
        var random = new Random(4711);
        var candidates = Candidates(count, random);
        var underWay = new List<int>();
        for (var step = 0; step < Keys; step++)
        {
            if (underWay.Count > 0 && random.NextDouble() < 0.45)
            {
                var done = random.Next(underWay.Count);
                candidates[underWay[done]] = Changed(candidates[underWay[done]], -1);
                underWay.RemoveAt(done);
                continue;
            }

            // Half of all requests share one key.
            var key = new AffinityKey(Affinity.Mix((ulong)(random.Next(2) == 0 ? 1 : random.Next(1000))), Binds: true);
            var bound = LoadBound.Of(candidates, factor, free);
            var chosen = Balancer.Choose(BalancingPolicy.Affinity, candidates, key, factor, free, 0, random.NextDouble());
            Assert.True(candidates[chosen].Outstanding + 1 <= bound.For(candidates[chosen]), $"Step {step}: {candidates[chosen]}, {bound}");
            candidates[chosen] = Changed(candidates[chosen], +1);
            underWay.Add(chosen);
        }
    }

    [Fact]
    public void Within_the_bound_a_key_has_one_home()
    {
        var candidates = Candidates(4);
        for (var i = 0; i < 1000; i++)
        {
            var key = new AffinityKey(Affinity.Mix((ulong)i), Binds: true);
            Assert.Equal(Affinity.Home(candidates, key.Hash), Balancer.Choose(BalancingPolicy.Affinity, candidates, key, 1.25, 4, 0, i / 1000.0));
        }
    }

    [Fact]
    public void A_home_that_is_full_leaves_the_request_to_whoever_has_least_to_do()
    {
        var key = new AffinityKey(77, Binds: true);
        var candidates = Candidates(3);
        var home = Affinity.Home(candidates, key.Hash);
        for (var i = 0; i < 3; i++) candidates[i] = candidates[i] with { Outstanding = i == home ? 9 : 3, Load = i == (home + 1) % 3 ? 8 : 3 };
        Assert.Equal((home + 2) % 3, Balancer.Choose(BalancingPolicy.Affinity, candidates, key, 1.25, 4, 0, 0.5));
    }

    [Fact]
    public void A_name_has_one_number_everywhere_whatever_its_case() =>
        Assert.Equal((Affinity.IdOf("gpu-1"), 15419077479845504357UL), (Affinity.IdOf("GPU-1"), Affinity.IdOf("gpu-1")));

    private static Candidate Changed(Candidate candidate, int by) => candidate with { Outstanding = candidate.Outstanding + by, Load = candidate.Outstanding + by };

    private static Candidate[] Candidates(int count, Random? random = null) =>
        [.. Enumerable.Range(0, count).Select(i => new Candidate(Affinity.IdOf($"server-{i}"), random?.Next(1, 200) ?? 100, 0, 0))];
}
