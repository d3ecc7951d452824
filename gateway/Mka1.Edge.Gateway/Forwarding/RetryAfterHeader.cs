namespace Mka1.Edge.Gateway.Forwarding;

/// <summary>How long a model server asks to be left alone.</summary>
internal static class RetryAfterHeader
{
    /// <summary>The time; null when the answer does not say, or names an instant that has passed.</summary>
    public static TimeSpan? Read(HttpResponseMessage response, TimeProvider clock)
    {
        var wait = response.Headers.RetryAfter is { } header ? header.Delta ?? header.Date - clock.GetUtcNow() : null;
        return wait > TimeSpan.Zero ? wait : null;
    }
}
