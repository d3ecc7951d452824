using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Forwarding;
using Mka1.Edge.Gateway.Quota;
using Mka1.Edge.Gateway.Streaming;
using Mka1.Edge.Gateway.Trials;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Policies.Routing;
using Mka1.Edge.Policies.Safety;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Pipeline;

/// <summary>
/// One response in the making: what each stage has found out so far, in the order of the stages. A stage reads what earlier
/// ones wrote and writes its own part once.
/// </summary>
internal sealed class ResponseRun(string id, string requestId, EdgeSnapshot snapshot, Caller caller, DateTimeOffset createdAt, long startedAt)
{
    /// <summary>A run that a request begins.</summary>
    public ResponseRun(EdgeRequest edge, DateTimeOffset createdAt, long startedAt)
        : this(ResponseIds.New(ResponseIds.Response), edge.RequestId, edge.Snapshot, edge.Caller!, createdAt, startedAt) => (Ticket, Waits) = (edge.Ticket, edge.Waits);

    public string Id { get; } = id;

    public string RequestId { get; } = requestId;

    public EdgeSnapshot Snapshot { get; } = snapshot;

    public Caller Caller { get; } = caller;

    /// <summary>When the gateway took the request in.</summary>
    public DateTimeOffset CreatedAt { get; } = createdAt;

    /// <summary>The same instant as a timestamp of the clock, for durations.</summary>
    public long StartedAt { get; } = startedAt;

    /// <summary>How long it has waited for others.</summary>
    public RunWaits Waits { get; private set; } = new();

    /// <summary>Written by Intake.</summary>
    public CreateResponseRequest Request { get; set; } = null!;

    /// <summary>Written by Safety: the rung whose consequences the request bears.</summary>
    public SafetyRung SafetyRung { get; set; }

    /// <summary>Written by History.</summary>
    public RunHistory History { get; set; } = null!;

    /// <summary>Written by Routing.</summary>
    public RoutingDecision.Routed Route { get; set; } = null!;

    /// <summary>Written by Routing: what a candidate's weights would have done; null when there is none.</summary>
    public CandidateVerdict? Candidate { get; set; }

    /// <summary>Written by Routing: the gateway's part of the response object.</summary>
    public ResponseObject Envelope { get; set; } = null!;

    /// <summary>What its prompts share a model server's cache by. Made when it is first asked for, once Intake has written the request.</summary>
    public string CacheKey => field ??= CacheScope.KeyOf(this);

    /// <summary>What the request took when it was let in; null for a run that no request waits for.</summary>
    public QuotaTicket? Ticket { get; init; }

    /// <summary>Written by Quota: input tokens, as far as can be told beforehand.</summary>
    public long InputEstimate { get; set; }

    /// <summary>Written by Quota: what is set aside for the run; null when nothing limits its tokens.</summary>
    public RunReservation? Reservation { get; set; }

    /// <summary>Whether that is settled.</summary>
    public bool IsQuotaSettled { get; set; }

    /// <summary>What it has come to, as it was booked first: estimates go on learning, and ledger and counters say the same.</summary>
    public RunUsage? BookedUsage { get; set; }

    /// <summary>
    /// Whether the model server is asked for a stream: for a background run, whose events others may follow, and for one whose
    /// output is held against a quota as it grows.
    /// </summary>
    public bool UpstreamStreams => Request.Stream || Request.Background || Reservation is { IsCapped: false };

    /// <summary>Whether delta events are padded for whoever sent the request.</summary>
    public bool Obfuscates => Request.StreamOptions?.IncludeObfuscation ?? Snapshot.Config.Compatibility.Obfuscation;

    /// <summary>Whether repeats of the request must find the run while it goes on.</summary>
    public bool Keyed { get; set; }

    /// <summary>
    /// Whether the context is compacted once the store has taken the run in: nobody waits for a background run, and repeats of a
    /// keyed one would take its key for given up, and have the model make a second text.
    /// </summary>
    public bool CompactsInRun => Request.Background || Keyed;

    /// <summary>Whether the store has taken the run in: it then goes on by itself, and is settled by whoever ends it.</summary>
    public bool Kept { get; set; }

    /// <summary>The run goes on by itself from here: what its client waits for is no part of it any more.</summary>
    public void Part() => Waits = Waits.Apart();

    /// <summary>Written by Streaming: how far the run's events have come.</summary>
    public RunProgress Progress { get; } = new();

    /// <summary>Written by Forwarding and Streaming, read by Settlement.</summary>
    public RunOutcome Outcome { get; } = new();
}
