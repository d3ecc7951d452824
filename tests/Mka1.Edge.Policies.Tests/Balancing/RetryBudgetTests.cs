using Mka1.Edge.Policies.Balancing;

namespace Mka1.Edge.Policies.Tests.Balancing;

/// <summary>Promise: retries stay a share of what is sent, whatever fails, and a few are always allowed.</summary>
public sealed class RetryBudgetTests
{
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 10, 100)]
    [InlineData(1000, 0, 200)]
    [InlineData(1000, 10, 300)]
    public void So_many_are_allowed_in_ten_seconds(int requests, int minimum, int allowed)
    {
        var budget = new RetryBudget();
        for (var i = 0; i < requests; i++) budget.Requested(S(1000 + (i % 9)));
        var taken = 0;
        while (taken <= allowed && budget.TryRetry(S(1008.5), 0.2, minimum)) taken++;
        Assert.Equal(allowed, taken);
        Assert.Equal((requests, allowed), budget.Used(S(1008.5)));
    }

    [Fact]
    public void What_is_older_than_ten_seconds_no_longer_counts()
    {
        var budget = new RetryBudget();
        for (var i = 0; i < 5; i++) budget.Requested(S(100));
        Assert.True(budget.TryRetry(S(101), 0.2, 0));
        Assert.False(budget.TryRetry(S(109), 0.2, 0));
        for (var i = 0; i < 5; i++) budget.Requested(S(111));
        Assert.True(budget.TryRetry(S(111.5), 0.2, 0));
        Assert.Equal((5, 1), budget.Used(S(111.5)));
        Assert.Equal((0, 0), budget.Used(S(500)));
    }

    [Fact]
    public void When_everything_fails_the_pool_gets_a_fifth_more_and_no_multiple()
    {
        var budget = new RetryBudget();
        var (sent, retried) = (0, 0);
        for (var now = 0.0; now < 60; now += 0.01)
        {
            sent++;
            budget.Requested(S(now));
            for (var attempt = 1; attempt < 3 && budget.TryRetry(S(now), 0.2, 1); attempt++) retried++;
        }

        Assert.InRange(retried, sent * 0.15, (sent * 0.2) + 60);
    }

    private static TimeSpan S(double seconds) => TimeSpan.FromSeconds(seconds);
}
