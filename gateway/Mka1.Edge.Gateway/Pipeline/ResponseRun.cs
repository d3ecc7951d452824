using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Policies.Routing;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Pipeline;

/// <summary>
/// One response in the making: what each stage has found out so far, in the order of the stages. A stage reads what earlier
/// ones wrote and writes its own part once.
/// </summary>
internal sealed class ResponseRun(EdgeRequest edge, DateTimeOffset createdAt, long startedAt)
{
    public string Id { get; } = ResponseIds.New("resp_");

    public string RequestId { get; } = edge.RequestId;

    public EdgeSnapshot Snapshot { get; } = edge.Snapshot;

    public Caller Caller { get; } = edge.Caller!;

    /// <summary>When the gateway took the request in.</summary>
    public DateTimeOffset CreatedAt { get; } = createdAt;

    /// <summary>The same instant as a timestamp of the clock, for durations.</summary>
    public long StartedAt { get; } = startedAt;

    /// <summary>Written by Intake.</summary>
    public CreateResponseRequest Request { get; set; } = null!;

    /// <summary>Written by Routing.</summary>
    public RoutingDecision.Routed Route { get; set; } = null!;

    /// <summary>Written by Routing: the gateway's part of the response object.</summary>
    public ResponseObject Envelope { get; set; } = null!;

    /// <summary>Written by Forwarding and Streaming, read by Settlement.</summary>
    public RunOutcome Outcome { get; } = new();
}
