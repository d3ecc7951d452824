using System.Globalization;
using Mka1.Edge.Policies.Quota;

namespace Mka1.Edge.Gateway.Quota;

/// <summary>
/// The headers <c>x-ratelimit-{limit,remaining,reset}-{requests,tokens}</c>, spelled as OpenAI spells them. Of several windows
/// the one is told of that has the smallest part of its limit left.
/// </summary>
internal static class RateLimitHeaders
{
    public static void Write(HttpResponse response, IReadOnlyList<QuotaReading> readings)
    {
        if (response.HasStarted) return;
        Write(response, readings, QuotaDimension.Requests, "requests");
        Write(response, readings, QuotaDimension.Tokens, "tokens");
    }

    private static void Write(HttpResponse response, IReadOnlyList<QuotaReading> readings, QuotaDimension dimension, string name)
    {
        QuotaReading? tightest = null;
        foreach (var reading in readings)
        {
            if (reading.Counter.Dimension == dimension && (tightest is not { } other || Left(reading) < Left(other))) tightest = reading;
        }

        if (tightest is not { } told) return;
        var headers = response.Headers;
        headers["x-ratelimit-limit-" + name] = told.Counter.Limit.ToString(CultureInfo.InvariantCulture);
        headers["x-ratelimit-remaining-" + name] = told.Remaining.ToString(CultureInfo.InvariantCulture);
        headers["x-ratelimit-reset-" + name] = Duration(told.ResetAfter);
    }

    private static double Left(QuotaReading reading) => (double)reading.Remaining / reading.Counter.Limit;

    /// <summary>A duration as in <c>1h2m3.5s</c>, <c>6m0s</c>, <c>120ms</c>: rounded up, so that nobody comes too early.</summary>
    internal static string Duration(TimeSpan time)
    {
        var milliseconds = (long)Math.Ceiling(time.TotalMilliseconds);
        if (milliseconds < 1000) return string.Create(CultureInfo.InvariantCulture, $"{milliseconds}ms");
        if (milliseconds < 60_000) return string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000.0:0.###}s");
        var seconds = (milliseconds + 999) / 1000;
        return seconds < 3600
            ? string.Create(CultureInfo.InvariantCulture, $"{seconds / 60}m{seconds % 60}s")
            : string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600}h{seconds / 60 % 60}m{seconds % 60}s");
    }
}
