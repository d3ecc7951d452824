using System.Diagnostics;
using System.Diagnostics.Metrics;
using Mka1.Edge.Inference.Engine;
using Mka1.Edge.ModelServer.Hosting;

namespace Mka1.Edge.ModelServer.Metrics;

/// <summary>Every instrument of this assembly; the table in the folder's README says the same in words.</summary>
/// <remarks>
/// Names, units, attributes and buckets of <c>gen_ai.*</c> are those of the OpenTelemetry semantic conventions
/// (https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/). No caller and no text is ever in an attribute.
/// </remarks>
internal sealed class ModelServerMetrics
{
    public const string MeterName = "Mka1.Edge.ModelServer";

    private readonly ServedModel _served;
    private readonly KeyValuePair<string, object?>[] _attributes;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _timeToFirstToken;
    private readonly Histogram<double> _timePerOutputToken;
    private readonly Histogram<long> _tokenUsage;
    private readonly Counter<long> _refused;

    public ModelServerMetrics(IMeterFactory meters, ServedModel served)
    {
        _served = served;
        _attributes = [new("gen_ai.operation.name", "chat"), new("gen_ai.provider.name", "mka1_edge"), new("gen_ai.request.model", served.Name)];
        Meter = meters.Create(MeterName);
        _duration = Seconds("gen_ai.server.request.duration", "From the request to the end of its answer.",
            [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92]);
        _timeToFirstToken = Seconds("gen_ai.server.time_to_first_token", "From the request to its first output token, time in the queue included.",
            [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]);
        _timePerOutputToken = Seconds("gen_ai.server.time_per_output_token", "Mean time between the output tokens of one answer.",
            [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5]);
        _tokenUsage = Meter.CreateHistogram("gen_ai.client.token.usage", "{token}", "Tokens of one request, input and output.", null,
            new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864] });
        _refused = Meter.CreateCounter<long>("mka1.modelserver.requests.refused", "{request}", "Requests refused because the queue was full.");

        Gauge("requests.active", "{request}", "Requests being worked on.", load => load.Active);
        Gauge("requests.queued", "{request}", "Requests that wait for a place.", load => load.Queued);
        Gauge("batch.size", "{sequence}", "Sequences in the last step; 0 when idle.", load => load.BatchSize);
        Gauge("kv.pages", "{page}", "Pages of the key-value cache there are.", load => load.PagesTotal);
        Gauge("kv.pages.used", "{page}", "Pages that requests hold.", load => load.PagesUsed);
        Gauge("kv.pages.kept", "{page}", "Pages nobody holds, kept for prompts that begin alike.", load => load.PagesKept);
        Gauge("kv.page.size", "By", "Bytes of one page.", load => load.PageBytes);
        Counter("tokens.decoded", "{token}", "Output tokens.", load => load.TokensDecoded);
        Counter("tokens.computed", "{token}", "Prompt tokens computed.", load => load.PromptTokensComputed);
        Counter("tokens.cached", "{token}", "Prompt tokens found computed already.", load => load.PromptTokensCached);
        Counter("steps", "{step}", "Steps of the engine.", load => load.Steps);
        Counter("steps.sequences", "{sequence}", "Sequences in all steps together; over the steps: the mean batch.", load => load.SequenceSteps);
        Counter("preemptions", "{request}", "Times a request gave its pages up to older ones.", load => load.Preemptions);
    }

    public Meter Meter { get; }

    /// <summary>A request was refused for want of room.</summary>
    public void Refused() => _refused.Add(1, _attributes);

    /// <summary>The first output token came after this time.</summary>
    public void FirstToken(TimeSpan elapsed) => _timeToFirstToken.Record(elapsed.TotalSeconds, _attributes);

    /// <summary>An answer has ended.</summary>
    /// <param name="elapsed">Since the request.</param>
    /// <param name="decoding">From the first output token to the last.</param>
    /// <param name="inputTokens">Of its prompt.</param>
    /// <param name="outputTokens">Decoded and read.</param>
    /// <param name="errorType">What went wrong; null when nothing did.</param>
    public void Answered(TimeSpan elapsed, TimeSpan decoding, long inputTokens, long outputTokens, string? errorType)
    {
        if (outputTokens > 1)
            _timePerOutputToken.Record(decoding.TotalSeconds / (outputTokens - 1), _attributes);
        _tokenUsage.Record(inputTokens, With("gen_ai.token.type", "input"));
        _tokenUsage.Record(outputTokens, With("gen_ai.token.type", "output"));
        _duration.Record(elapsed.TotalSeconds, errorType is null ? new TagList(_attributes) : With("error.type", errorType));
    }

    private TagList With(string name, string value) => new([.. _attributes, new(name, value)]);

    private Histogram<double> Seconds(string name, string description, double[] buckets) =>
        Meter.CreateHistogram(name, "s", description, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = buckets });

    private void Gauge(string name, string unit, string description, Func<EngineLoad, long> value) =>
        Meter.CreateObservableGauge($"mka1.modelserver.{name}", () => Observe(value), unit, description);

    private void Counter(string name, string unit, string description, Func<EngineLoad, long> value) =>
        Meter.CreateObservableCounter($"mka1.modelserver.{name}", () => Observe(value), unit, description);

    private Measurement<long> Observe(Func<EngineLoad, long> value) => new(value(_served.Engine.Load), _attributes.AsSpan(2));
}
