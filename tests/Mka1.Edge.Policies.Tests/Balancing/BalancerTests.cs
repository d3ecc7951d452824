using Mka1.Edge.Policies.Balancing;

namespace Mka1.Edge.Policies.Tests.Balancing;

/// <summary>Promise: each policy chooses as its name says, and nobody without weight is asked about.</summary>
public sealed class BalancerTests
{
    [Fact]
    public void Without_candidates_there_is_no_choice() => Assert.Equal(-1, Choose(BalancingPolicy.LoadAware, []));

    [Theory]
    [InlineData(BalancingPolicy.LeastOutstanding)]
    [InlineData(BalancingPolicy.LoadAware)]
    [InlineData(BalancingPolicy.Affinity)]
    public void The_one_with_the_least_to_do_for_its_weight_is_chosen(BalancingPolicy policy)
    {
        Assert.Equal(1, Choose(policy, [Of(0, 100, 5), Of(1, 100, 2), Of(2, 100, 3)]));
        Assert.Equal(2, Choose(policy, [Of(0, 100, 5), Of(1, 100, 2), Of(2, 300, 6)]));
    }

    [Fact]
    public void Equals_are_chosen_alike_often_by_chance_and_always_the_same_by_key()
    {
        Candidate[] equal = [Of(0, 100, 1), Of(1, 100, 1), Of(2, 100, 1), Of(3, 100, 9)];
        var random = new Random(1);
        var counts = new int[4];
        for (var i = 0; i < 9000; i++) counts[Balancer.Choose(BalancingPolicy.LoadAware, equal, null, 1, 0, 0, random.NextDouble())]++;
        Assert.All(counts[..3], count => Assert.InRange(count, 2700, 3300));
        Assert.Equal(0, counts[3]);

        var key = new AffinityKey(42, Binds: false);
        Assert.Single(Enumerable.Range(0, 50).Select(_ => Balancer.Choose(BalancingPolicy.Affinity, equal, key, 1.25, 4, 0, random.NextDouble())).Distinct());
    }

    [Fact]
    public void In_turn_means_in_turn_and_weights_are_turns()
    {
        Candidate[] equal = [Of(0, 100, 0), Of(1, 100, 9), Of(2, 100, 0)];
        Assert.Equal([0, 1, 2, 0, 1, 2], Enumerable.Range(0, 6).Select(turn => Balancer.Choose(BalancingPolicy.RoundRobin, equal, null, 1, 0, (uint)turn, 0)));
        Candidate[] unequal = [Of(0, 300, 0), Of(1, 100, 0)];
        Assert.Equal([0, 0, 0, 1], Enumerable.Range(0, 4).Select(turn => Balancer.Choose(BalancingPolicy.RoundRobin, unequal, null, 1, 0, (uint)turn, 0)));
    }

    [Fact]
    public void Chance_follows_the_weights()
    {
        Candidate[] unequal = [Of(0, 300, 50), Of(1, 100, 0)];
        var random = new Random(1);
        var first = Enumerable.Range(0, 10_000).Count(_ => Balancer.Choose(BalancingPolicy.Random, unequal, null, 1, 0, 0, random.NextDouble()) == 0);
        Assert.InRange(first, 7300, 7700);
    }

    [Theory]
    [InlineData(0, 0, 0, 0, 5, 5)] // No report counts for more than what we know.
    [InlineData(3, 2, 5, 0, 5, 8)] // Three wait: they count twice.
    [InlineData(0, 4, 1, 0, 3, 6)] // Others' requests are there, and two more of ours since.
    [InlineData(0, 9, 9, 0, 1, 1)] // Ours have ended since.
    [InlineData(9, 9, 0, 11, 2, 2)] // Too old.
    public void Load_is_what_a_server_said_and_what_has_changed_since(double queued, double active, int then, double age, int outstanding, double load) =>
        Assert.Equal(load, LoadReport.Estimate(new LoadReport(queued, active, null, TimeSpan.FromSeconds(100), then), outstanding, TimeSpan.FromSeconds(100 + age)));

    [Fact]
    public void Without_a_report_our_own_requests_are_the_load() => Assert.Equal(7, LoadReport.Estimate(null, 7, TimeSpan.Zero));

    private static Candidate Of(int id, int weight, int load) => new(Affinity.IdOf($"server-{id}"), weight, load, load);

    private static int Choose(BalancingPolicy policy, Candidate[] candidates) => Balancer.Choose(policy, candidates, null, 1.25, 4, 0, 0.5);
}
