using System.Diagnostics;
using System.Diagnostics.Metrics;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Quota;
using Mka1.Edge.Policies.Quota;
using Mka1.Edge.Policies.Safety;
using Mka1.Edge.Responses;
using Mka1.Edge.Stores.Quota;
using Mka1.Edge.Stores.Webhooks;

namespace Mka1.Edge.Gateway.Telemetry;

/// <summary>
/// The gateway's instruments but those of pools and of routing; <c>gateway/METRICS.md</c> says the same in words, and a test compares the two.
/// </summary>
/// <remarks>
/// Names, units, labels and buckets of <c>gen_ai.*</c> are those of the OpenTelemetry semantic conventions
/// (https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/). Labels are bounded by the configuration and by closed lists: no
/// caller, no id and no name that a client made up is ever in one.
/// </remarks>
internal sealed class EdgeMetrics
{
    public const string MeterName = "Mka1.Edge.Gateway";

    private static readonly double[] OverheadBuckets = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
    private static readonly double[] DurationBuckets = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
    private static readonly double[] FirstTokenBuckets = [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
    private static readonly double[] PerTokenBuckets = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5];
    private static readonly long[] TokenBuckets = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];

    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _overhead;
    private readonly Histogram<double> _timeToFirstByte;
    private readonly Histogram<double> _timeToFirstToken;
    private readonly Histogram<double> _timePerOutputToken;
    private readonly Histogram<long> _tokenUsage;
    private readonly Counter<long> _tokens;
    private readonly Counter<long> _cachedTokens;
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _storeFailures;
    private readonly Counter<long> _takenOver;
    private readonly Counter<long> _webhookAttempts;
    private readonly Counter<long> _quotaRefusals;
    private readonly Counter<long> _safetyDecisions;
    private readonly UpDownCounter<long> _activeRuns;
    private readonly UpDownCounter<long> _openStreams;

    public EdgeMetrics(IMeterFactory meters, IQuotaStore quotas)
    {
        var meter = meters.Create(MeterName);
        _duration = Seconds(meter, "gen_ai.server.request.duration", "From taking the request in to the end of the run.", DurationBuckets);
        _overhead = Seconds(meter, "mka1.edge.overhead", "What the gateway itself adds to a run: its duration without the waits for the model server, for the client and for what Safety holds back.", OverheadBuckets);
        _timeToFirstByte = Seconds(meter, "mka1.edge.upstream.time_to_first_byte", "From taking the request in to the model server's first byte.", FirstTokenBuckets);
        _timeToFirstToken = Seconds(meter, "gen_ai.server.time_to_first_token", "From taking the request in to the first piece of output of a stream.", FirstTokenBuckets);
        _timePerOutputToken = Seconds(meter, "gen_ai.server.time_per_output_token", "Mean time between the output tokens of one stream.", PerTokenBuckets);
        _tokenUsage = meter.CreateHistogram("gen_ai.client.token.usage", "{token}", "Tokens of one run, input and output.", null, new InstrumentAdvice<long> { HistogramBucketBoundaries = TokenBuckets });
        _tokens = meter.CreateCounter<long>("mka1.edge.tokens", "{token}", "Tokens settled.");
        _cachedTokens = meter.CreateCounter<long>("mka1.edge.tokens.cached", "{token}", "Input tokens that model servers found computed already.");
        _refusals = meter.CreateCounter<long>("mka1.edge.refusals", "{request}", "Requests answered with an error, by its code.");
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
        _activeRuns = meter.CreateUpDownCounter<long>("mka1.edge.runs.active", "{run}", "Runs that are at a model server, or on their way to one.");
        _openStreams = meter.CreateUpDownCounter<long>("mka1.edge.streams.open", "{stream}", "Event streams that clients are reading.");
    }

    /// <summary>Safety has decided on a request.</summary>
    public void SafetyDecided(SafetyRung rung, bool refusedByRule) => _safetyDecisions.Add(
        1, new KeyValuePair<string, object?>("mka1.edge.safety.rung", rung.Name()), new KeyValuePair<string, object?>("mka1.edge.safety.refused", refusedByRule ? "true" : "false"));

    /// <summary>A store was not available.</summary>
    public void StoreFailed(string store) => _storeFailures.Add(1, new KeyValuePair<string, object?>("mka1.edge.store", store));

    /// <summary>A run was taken over.</summary>
    public void RunTakenOver() => _takenOver.Add(1);

    /// <summary>A request was answered with an error.</summary>
    public void Refused(ApiError error)
    {
        var shape = error.Shape;
        _refusals.Add(1, new KeyValuePair<string, object?>("error.type", shape.Code), new KeyValuePair<string, object?>("http.response.status_code", shape.Status));
    }

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

    /// <summary>Counts a run among those in progress until it is let go.</summary>
    public Counted RunInProgress() => new(_activeRuns);

    /// <summary>Counts a stream among the open ones until it is let go.</summary>
    public Counted StreamOpen() => new(_openStreams);

    /// <summary>A run has ended.</summary>
    /// <param name="run">The run.</param>
    /// <param name="usage">What it came to.</param>
    /// <param name="duration">Since the request was taken in.</param>
    public void RunEnded(ResponseRun run, RunUsage usage, TimeSpan duration)
    {
        var outcome = run.Outcome;
        var tags = Labels(run.Route?.Variant.Model);
        tags.Add("mka1.edge.end", outcome.End.ToString());
        if (ErrorType(run) is { } error) tags.Add("error.type", error);
        _duration.Record(duration.TotalSeconds, tags);
        if (run.Route is not { Variant.Model: var model } || outcome.End == RunEnd.Queued) return;

        var own = new KeyValuePair<string, object?>("gen_ai.response.model", model);
        if (outcome.TimeToFirstByte is { } firstByte)
        {
            _timeToFirstByte.Record(firstByte.TotalSeconds, own);
            _overhead.Record(Math.Max(0, (duration - run.Waits.Total).TotalSeconds), own);
        }

        var labels = Labels(model);
        if (outcome.TimeToFirstToken is { } firstToken)
        {
            _timeToFirstToken.Record(firstToken.TotalSeconds, labels);
            if (usage.OutputTokens > 1 && outcome.TimeToLastByte is { } last)
                _timePerOutputToken.Record((last - firstToken).TotalSeconds / (usage.OutputTokens - 1), labels);
        }

        Tokens(labels, own, "input", usage.InputTokens);
        Tokens(labels, own, "output", usage.OutputTokens);
        if (outcome.Usage is { InputTokensDetails.CachedTokens: > 0 and var cached }) _cachedTokens.Add(cached, own);
    }

    private void Tokens(TagList labels, KeyValuePair<string, object?> model, string type, long count)
    {
        var kind = new KeyValuePair<string, object?>("gen_ai.token.type", type);
        _tokens.Add(count, model, kind);
        if (count == 0) return;
        labels.Add(kind);
        _tokenUsage.Record(count, labels);
    }

    /// <summary>What the conventions ask of every <c>gen_ai.*</c> metric.</summary>
    private static TagList Labels(string? model) => new()
    {
        { "gen_ai.operation.name", "chat" },
        { "gen_ai.provider.name", "mka1_edge" },
        { "gen_ai.response.model", model ?? "none" },
    };

    /// <summary>What went wrong, by the codes of the error table; a model server's own code could be anything.</summary>
    internal static string? ErrorType(ResponseRun run) => run.Outcome switch
    {
        { Error: { } error } => error.Shape.Code,
        { End: RunEnd.Finished } when run.Progress.Final?.Status == ResponseStatus.Failed => "model_failed",
        { End: RunEnd.Finished or RunEnd.Queued or RunEnd.Replayed } => null,
        _ => "broken_off",
    };

    private static Histogram<double> Seconds(Meter meter, string name, string description, double[] buckets) =>
        meter.CreateHistogram(name, "s", description, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = buckets });

    /// <summary>One of what is counted while it lasts.</summary>
    internal readonly struct Counted : IDisposable
    {
        private readonly UpDownCounter<long> _counter;

        public Counted(UpDownCounter<long> counter)
        {
            _counter = counter;
            counter.Add(1);
        }

        public void Dispose() => _counter.Add(-1);
    }
}
