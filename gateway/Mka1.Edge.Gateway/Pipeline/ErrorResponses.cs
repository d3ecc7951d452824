using Mka1.Edge.Gateway.Telemetry;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Pipeline;

/// <summary>Sends a refusal in the one envelope, with the headers its status calls for.</summary>
internal static class ErrorResponses
{
    /// <summary>How long a client is asked to wait when nothing better is known: outages and overload end without notice.</summary>
    private static readonly TimeSpan DefaultRetry = TimeSpan.FromSeconds(1);

    /// <summary>A wait that client libraries do not sit out: beyond it they go by a guess of their own, and would ask in vain.</summary>
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(60);

    /// <summary>Answers with <paramref name="error"/>. Must not be called once the response has begun.</summary>
    public static Task RefuseAsync(this HttpContext http, ApiError error)
    {
        // The operators' listener counts nothing.
        http.RequestServices?.GetService<EdgeMetrics>()?.Refused(error);
        if (http.Features.Get<EdgeRequest>() is { } edge) edge.Refusal = error;
        var shape = error.Shape;
        var response = http.Response;
        var retryAfter = error.RetryAfter;
        response.StatusCode = shape.Status;
        if (shape.Status == StatusCodes.Status401Unauthorized) response.Headers.WWWAuthenticate = "Bearer realm=\"mka1-edge\"";
        if (shape.Status == StatusCodes.Status503ServiceUnavailable) retryAfter ??= DefaultRetry;
        if (retryAfter is { } wait) response.Headers.RetryAfter = RetrySeconds(wait).ToString();
        if (shape.Status != StatusCodes.Status429TooManyRequests) return SendAsync(response, ErrorWriter.ToBytes(error));

        if (retryAfter is null || retryAfter > LongestRetry) response.Headers["x-should-retry"] = "false";
        return SendAsync(response, http.Edge().Snapshot.Config.Compatibility.StringRateLimitErrors
            ? "{\"error\":\"Rate limit exceeded\"}"u8.ToArray()
            : ErrorWriter.ToBytes(error));
    }

    /// <summary>A wait in the whole seconds that <c>Retry-After</c> speaks in: never too short, never none.</summary>
    public static long RetrySeconds(TimeSpan wait) => Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds));

    /// <summary>Sends a JSON body of known length.</summary>
    /// <exception cref="ClientStalledException">The client left it unread for too long.</exception>
    public static Task SendAsync(HttpResponse response, ReadOnlyMemory<byte> json)
    {
        response.ContentType = "application/json";
        response.ContentLength = json.Length;
        var http = response.HttpContext;
        var write = response.Body.WriteAsync(json, http.RequestAborted);
        if (write.IsCompletedSuccessfully) return Task.CompletedTask;
        var limit = TimeSpan.FromSeconds(http.Edge().Snapshot.Config.Limits.WriteStallSeconds);
        return StallGuard.WaitAsync(http, write.AsTask(), limit, http.RequestServices.GetRequiredService<TimeProvider>());
    }
}
