using Mka1.Edge.Policies.Quota;

namespace Mka1.Edge.Policies.Tests.Quota;

/// <summary>Promise: charges are weighed exactly, however large, and the refusal that is named is the one that lasts.</summary>
public sealed class QuotaFitTests
{
    private static readonly QuotaCounter Window = new("w", QuotaScope.Key, QuotaDimension.Tokens, QuotaWindow.Parse("minute"), 1000);
    private static readonly QuotaCounter Slots = new("s", QuotaScope.Key, QuotaDimension.Concurrency, null, 10);

    [Theory]
    [InlineData(100, 7, 0, 10_000, 128)]
    [InlineData(100, 7, 893, 10_000, 1)]
    [InlineData(100, 7, 894, 10_000, 0)]
    [InlineData(100, 7, 0, 20, 20)]
    [InlineData(100, 0, 900, 20, 20)]
    public void Units_are_what_fits_into_what_is_left(long @fixed, long perUnit, long used, long wanted, long expected) =>
        Assert.Equal(expected, QuotaFit.Units(new QuotaCharge(Window, @fixed, perUnit), used, wanted));

    [Fact]
    public void Needs_beyond_all_limits_do_not_overflow()
    {
        const long Most = QuotaFit.Highest - 1;
        Assert.Equal(QuotaFit.Highest, QuotaFit.Need(new QuotaCharge(Window, Most, Most), Most));
        Assert.Equal(5 + (3 * 4), QuotaFit.Need(new QuotaCharge(Window, 5, 3), 4));
    }

    [Theory]
    [InlineData(10, 20, false)]
    [InlineData(20, 10, true)]
    [InlineData(10, 10, false)]
    [InlineData(null, 10, true)]
    [InlineData(10, null, false)]
    [InlineData(null, null, false)]
    public void The_longer_wait_weighs_more_and_what_never_fits_most(int? one, int? other, bool outweighs) =>
        Assert.Equal(outweighs, QuotaFit.Outweighs(Window, Seconds(one), Window, Seconds(other)));

    [Fact]
    public void Any_window_weighs_more_than_requests_in_flight()
    {
        Assert.True(QuotaFit.Outweighs(Window, Seconds(1), Slots, null));
        Assert.False(QuotaFit.Outweighs(Slots, null, Window, Seconds(1)));
        Assert.False(QuotaFit.Outweighs(Slots, null, Slots, null));
    }

    private static TimeSpan? Seconds(int? seconds) => seconds is { } known ? TimeSpan.FromSeconds(known) : null;
}
