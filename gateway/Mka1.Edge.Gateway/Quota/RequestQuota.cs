using System.Threading.RateLimiting;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Policies.Quota;
using Mka1.Edge.Responses;
using Microsoft.AspNetCore.RateLimiting;

namespace Mka1.Edge.Gateway.Quota;

/// <summary>
/// Stage 3: how many requests a key may make, and how many at once. A lease is held until the answer has ended, so a stream
/// counts as one request in flight for as long as it runs.
/// </summary>
internal static class RequestQuota
{
    private const string Unlimited = "";

    /// <summary>How long a client over its concurrency limit is asked to wait: nobody can know when a slot comes free.</summary>
    private static readonly TimeSpan ConcurrencyRetry = TimeSpan.FromSeconds(1);

    public static void Configure(RateLimiterOptions options)
    {
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(Partition);
        options.OnRejected = (context, _) => new ValueTask(RejectAsync(context));
    }

    private static RateLimitPartition<string> Partition(HttpContext http)
    {
        // A request without a caller is on an open route or has been refused already.
        if (http.Edge().Key is not { } key || key.Limits is { Requests.Count: 0, Concurrency: null })
            return RateLimitPartition.GetNoLimiter(Unlimited);
        return RateLimitPartition.Get(key.QuotaPartition, _ => Limiter(key.Limits));
    }

    private static RateLimiter Limiter(QuotaLimits limits)
    {
        var parts = new List<RateLimiter>();
        if (limits.Concurrency is { } concurrency)
            parts.Add(new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = concurrency, QueueLimit = 0 }));

        // Shortest window first: it refuses most often and so spares the longer ones.
        parts.AddRange(limits.Requests.OrderBy(w => w.Window).Select(w => new FixedWindowRateLimiter(
            new FixedWindowRateLimiterOptions { PermitLimit = w.Limit, Window = w.Window, QueueLimit = 0 })));
        return parts is [var only] ? only : RateLimiter.CreateChained([.. parts]);
    }

    private static Task RejectAsync(OnRejectedContext context)
    {
        var http = context.HttpContext;
        var wait = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter) ? retryAfter : ConcurrencyRetry;
        var seconds = ErrorResponses.RetrySeconds(wait);
        if (http.Edge().Snapshot.Config.Compatibility.StringRateLimitErrors)
        {
            http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            http.Response.Headers.RetryAfter = seconds.ToString();
            return ErrorResponses.SendAsync(http.Response, "{\"error\":\"Rate limit exceeded\"}"u8.ToArray());
        }

        return http.RefuseAsync(
            new ApiError(ErrorCode.RateLimitExceeded, $"Rate limit exceeded. This key may send its next request in {seconds} s; see Retry-After."),
            wait);
    }
}
