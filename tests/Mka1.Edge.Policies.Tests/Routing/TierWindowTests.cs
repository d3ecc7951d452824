using Mka1.Edge.Policies.Routing;

namespace Mka1.Edge.Policies.Tests.Routing;

/// <summary>Promise: the operator's shares come out on the deployment's own requests, without jitter and within bounds.</summary>
public sealed class TierWindowTests
{
    private static readonly TierShares Shares = new(0.4, 0.35, 0.25);

    [Fact]
    public void Until_enough_was_seen_the_thresholds_are_the_standard_ones()
    {
        var window = new TierWindow(Shares, 1024);
        for (var i = 0; i < TierWindow.Fewest - 1; i++) window.Add(1);
        Assert.Equal(TierThresholds.Standard, window.Thresholds);
    }

    [Fact]
    public void Shares_come_out_as_asked_for_on_whatever_requests_there_are()
    {
        var random = new Random(1);
        var window = new TierWindow(Shares, 2048);
        var tiers = new int[3];
        for (var i = 0; i < 20_000; i++)
        {
            var level = (float)((random.NextDouble() * 5) - 2);
            if (i >= 4096) tiers[(int)window.Thresholds.TierOf(level)]++;
            window.Add(level);
        }

        double all = tiers.Sum();
        Assert.InRange(tiers[0] / all, 0.35, 0.45);
        Assert.InRange(tiers[1] / all, 0.30, 0.40);
        Assert.InRange(tiers[2] / all, 0.20, 0.30);
    }

    [Fact]
    public void Thresholds_rest_as_long_as_the_requests_stay_alike()
    {
        var random = new Random(2);
        var window = new TierWindow(Shares, 2048);
        var changes = 0;
        var before = window.Thresholds;
        for (var i = 0; i < 50_000; i++)
        {
            window.Add((float)((random.NextDouble() * 5) - 2));
            if (i > 4096 && window.Thresholds != before) changes++;
            before = window.Thresholds;
        }

        Assert.InRange(changes, 0, 20);
    }

    [Fact]
    public void They_never_leave_their_reach()
    {
        var window = new TierWindow(new TierShares(0, 0, 1), 512);
        for (var i = 0; i < 2000; i++) window.Add(-3);
        Assert.Equal(TierThresholds.Standard.Dense - TierWindow.Reach, window.Thresholds.Dense);
        Assert.Equal(Tier.Quantized, window.Thresholds.TierOf(-3.5f));

        window = new TierWindow(new TierShares(1, 0, 0), 512);
        for (var i = 0; i < 2000; i++) window.Add(7);
        Assert.Equal(Tier.Dense, window.Thresholds.TierOf(7));
        Assert.True(window.Thresholds.Moe <= window.Thresholds.Dense);
    }

    [Fact]
    public void Equal_levels_get_one_tier()
    {
        var window = new TierWindow(Shares, 512);
        for (var i = 0; i < 2000; i++) window.Add(i % 2 == 0 ? -1 : 1);
        Assert.Equal(Tier.Quantized, window.Thresholds.TierOf(-1));
        Assert.NotEqual(Tier.Quantized, window.Thresholds.TierOf(1));
    }

    [Fact]
    public async Task Many_threads_may_use_it_at_once()
    {
        var window = new TierWindow(Shares, 1024);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(seed => Task.Run(() =>
        {
            var random = new Random(seed);
            for (var i = 0; i < 20_000; i++)
            {
                window.Add((float)((random.NextDouble() * 5) - 2));
                Assert.True(window.Thresholds.Moe <= window.Thresholds.Dense);
            }
        })));
        Assert.NotEqual(TierThresholds.Standard, window.Thresholds);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3.9)]
    [InlineData(6)]
    [InlineData(10)]
    public void A_cost_becomes_shares_that_have_it(double cost)
    {
        var shares = TierShares.OfCost(cost, 1, 3, 10);
        Assert.Equal(1, shares.Quantized + shares.Moe + shares.Dense, 9);
        Assert.Equal(cost, shares.Quantized + (3 * shares.Moe) + (10 * shares.Dense), 9);
        Assert.True(shares is { Quantized: >= 0, Moe: >= 0, Dense: >= 0 });
    }
}
