using Mka1.Edge.Policies.Quota;

namespace Mka1.Edge.Policies.Tests.Quota;

/// <summary>Promise: what is taken on trust never uses up a limit while nobody can look.</summary>
public sealed class CounterTrendTests
{
    private const long Blind = 2000;

    private static readonly QuotaCounter Requests = new("r", QuotaScope.Key, QuotaDimension.Requests, QuotaWindow.Parse("day"), 10_000);
    private static readonly QuotaCounter Slots = new("s", QuotaScope.Key, QuotaDimension.Concurrency, null, 100);

    private readonly CounterTrend _trend = new();

    [Fact]
    public void Nothing_is_trusted_of_a_counter_that_was_not_watched_for_a_while()
    {
        Assert.False(Trusts(Requests, 1, 0));
        for (var now = 1000L; now < 6000; now += 500)
        {
            _trend.Read(0, now);
            Assert.False(Trusts(Requests, 1, now));
        }

        _trend.Read(0, 6000);
        Assert.True(Trusts(Requests, 1, 6000));
        Assert.False(Trusts(Requests, 1, 6000 + CounterTrend.Lifetime + 1));
        _trend.Read(0, 6000 + CounterTrend.Lifetime + 1);
        Assert.False(Trusts(Requests, 1, 6000 + CounterTrend.Lifetime + 1));
    }

    [Theory]
    [InlineData(10, 4_900, true)]
    [InlineData(10, 5_100, false)]
    [InlineData(400, 1_900, true)]
    [InlineData(400, 2_100, false)]
    public void What_is_left_must_last_for_ten_times_as_long_at_the_fastest_pace_and_be_half_of_the_limit(long perSecond, long used, bool trusts)
    {
        Read(used - (perSecond * 2), perSecond, from: 0, until: 2000);
        Read(used, 0, from: 2000, until: 6010);
        Assert.Equal(trusts, Trusts(Requests, 1, 6000));
    }

    [Fact]
    public void All_replicas_together_take_no_more_than_a_tenth_of_what_is_left()
    {
        Read(2_000, 0, from: 0, until: 6000);
        var taken = 0;
        while (_trend.TryTrust(Requests, 10, replicas: 4, Blind, 6000)) taken += 10;
        Assert.Equal(8_000 / 10 / 4, taken);
    }

    [Fact]
    public void Of_requests_in_flight_half_must_be_left()
    {
        Read(40, 0, from: 0, until: 6000);
        Assert.True(Trusts(Slots, 1, 6000));
        _trend.Read(51, 6500);
        Assert.False(Trusts(Slots, 1, 6500));
    }

    [Fact]
    public void Readings_that_arrive_out_of_order_and_windows_that_slide_do_no_harm()
    {
        foreach (var (used, now) in new[] { (50L, 0L), (70, 900), (60, 800), (90, 1000), (10, 5500) }) _trend.Read(used, now);
        Assert.True(Trusts(Requests, 1, 5500));
    }

    private bool Trusts(QuotaCounter counter, long amount, long now) => _trend.TryTrust(counter, amount, replicas: 1, Blind, now);

    private void Read(long used, long perSecond, long from, long until)
    {
        for (var now = from; now < until; now += 10) _trend.Read(used + (perSecond * (now - from) / 1000), now);
    }
}
