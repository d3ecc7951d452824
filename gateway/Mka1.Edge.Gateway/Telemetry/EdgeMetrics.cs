using System.Diagnostics;
using System.Diagnostics.Metrics;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Quota;
using Mka1.Edge.Policies.Quota;
using Mka1.Edge.Policies.Safety;
using Mka1.Edge.Stores.Quota;
using Mka1.Edge.Stores.Webhooks;

namespace Mka1.Edge.Gateway.Telemetry;

/// <summary>
/// The gateway's instruments. Names and units follow the OpenTelemetry conventions for generative AI
/// (https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/) where one exists; labels are bounded and never name a caller.
/// </summary>
internal sealed class EdgeMetrics
{
    public const string MeterName = "Mka1.Edge.Gateway";

    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _timeToFirstByte;
    private readonly Counter<long> _tokens;
    private readonly Counter<long> _storeFailures;
    private readonly Counter<long> _takenOver;
    private readonly Counter<long> _webhookAttempts;
    private readonly Counter<long> _quotaRefusals;
    private readonly Counter<long> _safetyDecisions;

    public EdgeMetrics(IMeterFactory meters, IQuotaStore quotas)
    {
        var meter = meters.Create(MeterName);
        _duration = meter.CreateHistogram<double>("gen_ai.server.request.duration", "s", "From taking the request in to the end of the run.");
        _timeToFirstByte = meter.CreateHistogram<double>("mka1.edge.upstream.time_to_first_byte", "s", "From taking the request in to the model server's first byte.");
        _tokens = meter.CreateCounter<long>("mka1.edge.tokens", "{token}", "Tokens settled.");
        _safetyDecisions = meter.CreateCounter<long>("mka1.edge.safety.decisions", "{request}", "Requests by the rung they were treated by.");
        _storeFailures = meter.CreateCounter<long>("mka1.edge.store.failures", "{failure}", "Times a store was not available to something that needed it.");
        _takenOver = meter.CreateCounter<long>("mka1.edge.runs.taken_over", "{run}", "Runs taken over from a replica that gave no sign of life.");
        _quotaRefusals = meter.CreateCounter<long>("mka1.edge.quota.refusals", "{request}", "Requests refused by a quota, by whose it is and what it counts.");
        meter.CreateObservableCounter(
            "mka1.edge.quota.local_decisions",
            () => (quotas as FailoverQuotaStore)?.LocalDecisions ?? 0,
            "{decision}",
            "Decisions on quotas made by this replica's part of the limits, because Redis was away.");
        _webhookAttempts = meter.CreateCounter<long>("mka1.edge.webhook.attempts", "{attempt}", "Attempts to deliver a webhook, by what became of the delivery.");
    }

    /// <summary>Safety has decided on a request.</summary>
    public void SafetyDecided(SafetyRung rung, bool refusedByRule) => _safetyDecisions.Add(
        1, new KeyValuePair<string, object?>("mka1.edge.safety.rung", rung.Name()), new KeyValuePair<string, object?>("mka1.edge.safety.refused", refusedByRule));

    /// <summary>A store was not available.</summary>
    public void StoreFailed(string store) => _storeFailures.Add(1, new KeyValuePair<string, object?>("mka1.edge.store", store));

    /// <summary>A run was taken over.</summary>
    public void RunTakenOver() => _takenOver.Add(1);

    /// <summary>A request was refused by a quota.</summary>
    public void QuotaRefused(QuotaCounter counter) => _quotaRefusals.Add(1, new TagList
    {
        { "mka1.edge.quota.scope", QuotaRefusal.ScopeName(counter.Scope) },
        { "mka1.edge.quota.dimension", QuotaRefusal.DimensionName(counter.Dimension) },
        { "mka1.edge.quota.window", counter.Window?.Name ?? "none" },
    });

    /// <summary>An attempt to deliver a webhook.</summary>
    public void WebhookAttempted(WebhookState state) => _webhookAttempts.Add(1, new KeyValuePair<string, object?>("mka1.edge.webhook.outcome", state switch
    {
        WebhookState.Delivered => "delivered",
        WebhookState.Failed => "failed",
        _ => "retry",
    }));

    public void RunEnded(ResponseRun run, RunUsage usage, TimeSpan duration)
    {
        var outcome = run.Outcome;
        var tags = new TagList
        {
            { "gen_ai.response.model", run.Route?.Variant.Model ?? "none" },
            { "mka1.edge.end", outcome.End.ToString() },
        };
        _duration.Record(duration.TotalSeconds, tags);
        if (outcome.TimeToFirstByte is { } first) _timeToFirstByte.Record(first.TotalSeconds, tags);
        if (run.Route is not { } route) return;
        _tokens.Add(usage.InputTokens, new TagList { { "gen_ai.response.model", route.Variant.Model }, { "gen_ai.token.type", "input" } });
        _tokens.Add(usage.OutputTokens, new TagList { { "gen_ai.response.model", route.Variant.Model }, { "gen_ai.token.type", "output" } });
    }
}
