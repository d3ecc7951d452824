using System.Threading.RateLimiting;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Quota;

/// <summary>Whether a request is let in; given back when its connection is done with it.</summary>
/// <param name="acquired">Whether it is.</param>
/// <param name="ticket">What it took.</param>
/// <param name="refusal">What to tell the client when it is not.</param>
internal sealed class RequestLease(bool acquired, QuotaTicket? ticket, ApiError? refusal = null) : RateLimitLease
{
    public static readonly MetadataName<ApiError> Refusal = MetadataName.Create<ApiError>("MKA1_EDGE_REFUSAL");

    public override bool IsAcquired { get; } = acquired;

    public override IEnumerable<string> MetadataNames => refusal is null ? [] : [Refusal.Name, MetadataName.RetryAfter.Name];

    public override bool TryGetMetadata(string metadataName, out object? metadata)
    {
        metadata = metadataName == Refusal.Name ? refusal : metadataName == MetadataName.RetryAfter.Name ? refusal?.RetryAfter : null;
        return metadata is not null;
    }

    protected override void Dispose(bool disposing)
    {
        // The store's own patience bounds this, and nobody waits for it.
        if (disposing && ticket is { IsHandedOver: false }) _ = ticket.EndAsync().AsTask();
        base.Dispose(disposing);
    }
}
