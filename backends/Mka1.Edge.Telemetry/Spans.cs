using System.Diagnostics;

namespace Mka1.Edge.Telemetry;

/// <summary>What every service says on its spans, by the OpenTelemetry semantic conventions, and how traces are joined.</summary>
/// <remarks>https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/ and https://www.w3.org/TR/trace-context/.</remarks>
public static class Spans
{
    /// <summary>The header of W3C Trace Context.</summary>
    public const string TraceParent = "traceparent";

    /// <summary>Added when the first piece of output has come.</summary>
    public const string FirstToken = "mka1.edge.first_token";

    /// <summary>The trace that a <c>traceparent</c> names; none when it is not there, not alone or not well-formed.</summary>
    public static ActivityContext Read(string? traceparent) =>
        traceparent is not null && ActivityContext.TryParse(traceparent, null, isRemote: true, out var context) ? context : default;

    /// <summary>Begins the span of a request that came in; what the framework began around it is no part of the trace.</summary>
    /// <param name="source">Whose span it is.</param>
    /// <param name="name">Its name.</param>
    /// <param name="parent">The caller's span; none: a trace begins here.</param>
    /// <returns>The span, current from here on; null when nobody wants it.</returns>
    public static Activity? BeginServer(ActivitySource source, string name, ActivityContext parent)
    {
        if (parent == default) Activity.Current = null;
        return source.StartActivity(name, ActivityKind.Server, parent);
    }

    /// <summary>What the conventions ask of every span about a model.</summary>
    public static Activity SetOperation(this Activity span, string requestModel) => span
        .SetTag("gen_ai.operation.name", "chat")
        .SetTag("gen_ai.provider.name", "mka1_edge")
        .SetTag("gen_ai.request.model", requestModel);

    /// <summary>Tokens of an answer.</summary>
    public static Activity SetUsage(this Activity span, long input, long output, long cached)
    {
        span.SetTag("gen_ai.usage.input_tokens", input).SetTag("gen_ai.usage.output_tokens", output);
        if (cached > 0) span.SetTag("gen_ai.usage.cache_read.input_tokens", cached);
        return span;
    }

    /// <summary>Why a model stopped: <c>stop</c>, <c>length</c>, <c>tool_calls</c>, <c>content_filter</c> or <c>error</c>.</summary>
    public static Activity SetFinish(this Activity span, string reason) => span.SetTag("gen_ai.response.finish_reasons", new[] { reason });

    /// <summary>Says that what the span stands for failed.</summary>
    /// <param name="span">The span.</param>
    /// <param name="type">By a code from a closed list; no text that a caller or a model made.</param>
    public static Activity SetFailed(this Activity span, string type) => span.SetTag("error.type", type).SetStatus(ActivityStatusCode.Error);
}
