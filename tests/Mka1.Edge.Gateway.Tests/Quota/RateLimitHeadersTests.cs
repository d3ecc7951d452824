using Mka1.Edge.Gateway.Quota;

namespace Mka1.Edge.Gateway.Tests.Quota;

/// <summary>Promise: durations are spelled as clients of the API read them, and never too short.</summary>
public sealed class RateLimitHeadersTests
{
    [Theory]
    [InlineData(0, "0ms")]
    [InlineData(0.4, "1ms")]
    [InlineData(120, "120ms")]
    [InlineData(1000, "1s")]
    [InlineData(1500, "1.5s")]
    [InlineData(59_999.1, "1m0s")]
    [InlineData(360_000, "6m0s")]
    [InlineData(3_600_000, "1h0m0s")]
    [InlineData(86_399_001, "24h0m0s")]
    public void A_duration(double milliseconds, string expected) =>
        Assert.Equal(expected, RateLimitHeaders.Duration(TimeSpan.FromMilliseconds(milliseconds)));
}
