using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Quota;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Pipeline;

/// <summary>What the first stages learn about any API request; later stages read it from the request's features.</summary>
internal sealed class EdgeRequest(string requestId, EdgeSnapshot snapshot, long startedAt = 0)
{
    /// <summary>The request's id, as sent back in <c>x-request-id</c>.</summary>
    public string RequestId { get; } = requestId;

    /// <summary>The configuration this request began with and keeps.</summary>
    public EdgeSnapshot Snapshot { get; } = snapshot;

    /// <summary>When it came, as a timestamp of the clock.</summary>
    public long StartedAt { get; } = startedAt;

    /// <summary>How long it has waited for others.</summary>
    public RunWaits Waits { get; } = new();

    /// <summary>The key that was sent; null on open routes.</summary>
    public KeyRingEntry? Key { get; set; }

    /// <summary>Who calls; null on open routes.</summary>
    public Caller? Caller { get; set; }

    /// <summary>The run it has begun; null when it begins none.</summary>
    public ResponseRun? Run { get; set; }

    /// <summary>The error it was answered with.</summary>
    public ApiError? Refusal { get; set; }

    /// <summary>What the request took when it was let in; null before, and on open routes.</summary>
    public QuotaTicket? Ticket { get; set; }
}
