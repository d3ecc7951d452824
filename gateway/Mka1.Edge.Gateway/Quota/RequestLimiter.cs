using System.Threading.RateLimiting;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Safety;
using Mka1.Edge.Gateway.Telemetry;
using Mka1.Edge.Policies.Quota;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Quota;

/// <summary>
/// Stage 3: lets a request in if its key, tenant and end user all have room for it, in one decision of the quota store, which
/// all replicas share. What it takes is held by the request's <see cref="QuotaTicket"/>.
/// </summary>
internal sealed class RequestLimiter(QuotaShares shares, SafetySignals safety, EdgeMetrics metrics) : PartitionedRateLimiter<HttpContext>
{
    private static readonly RequestLease Unlimited = new(true, null);

    /// <summary>A decision may take a call to Redis, so nothing is decided without waiting.</summary>
    private static readonly RequestLease NotYet = new(false, null);

    public override RateLimiterStatistics? GetStatistics(HttpContext resource) => null;

    protected override RateLimitLease AttemptAcquireCore(HttpContext resource, int permitCount) =>
        resource.Edge().Key is null ? Unlimited : NotYet;

    protected override async ValueTask<RateLimitLease> AcquireAsyncCore(HttpContext resource, int permitCount, CancellationToken cancellationToken)
    {
        var edge = resource.Edge();
        var plan = edge.Snapshot.QuotaOf(edge.Key!, edge.Caller!);
        var id = ResponseIds.New("q_");
        edge.Ticket = new QuotaTicket(id, plan, shares);
        if (plan.Counters.Count == 0) return Unlimited;

        var length = plan.IsSettled ? ShareLength.WhileHere : ShareLength.ForGood;
        var decision = await shares.TakeAsync(id, plan.Admission, units: 0, minimum: 0, length, cancellationToken);
        RateLimitHeaders.Write(resource.Response, decision.Readings);
        if (decision is QuotaDecision.Exhausted exhausted)
        {
            edge.Ticket = null;
            metrics.QuotaRefused(exhausted.Refusing.Counter);
            safety.QuotaRefused(edge);
            return new RequestLease(false, null, QuotaRefusal.Of(exhausted));
        }

        // Before a short answer leaves, so that whoever sends one request after the other finds its place free.
        resource.Response.OnStarting(EndIfShortAsync, resource);
        return new RequestLease(true, edge.Ticket);
    }

    private static Task EndIfShortAsync(object state)
    {
        var http = (HttpContext)state;
        var streams = http.Response.ContentType?.StartsWith("text/event-stream", StringComparison.Ordinal) == true;
        return streams || http.Edge().Ticket is not { IsHandedOver: false } ticket ? Task.CompletedTask : ticket.EndAsync().AsTask();
    }
}
