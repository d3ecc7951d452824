using System.Diagnostics;
using Mka1.Edge.ModelServer.Metrics;
using Mka1.Edge.Responses;
using Mka1.Edge.Telemetry;

namespace Mka1.Edge.ModelServer.Tracing;

/// <summary>The spans of requests. When nobody listens there are none, and nothing is made.</summary>
internal sealed class AnswerTracing : IDisposable
{
    private readonly ActivitySource _source = new(ModelServerMetrics.MeterName);

    /// <summary>Whether anybody wants spans.</summary>
    public bool IsOn => _source.HasListeners();

    /// <summary>The span of the request at hand; null when nobody wants one.</summary>
    private Activity? Current => Activity.Current is { IsAllDataRequested: true } span && ReferenceEquals(span.Source, _source) ? span : null;

    /// <summary>Begins the span of a request, within the trace of whoever sent it: that is the gateway.</summary>
    public Activity? Begin(HttpRequest request)
    {
        var header = request.Headers[Spans.TraceParent];
        return Spans.BeginServer(_source, $"{request.Method} {request.Path}", header.Count == 1 ? Spans.Read(header[0]) : default);
    }

    /// <summary>The first token has come.</summary>
    public void FirstToken() => Current?.AddEvent(new ActivityEvent(Spans.FirstToken));

    /// <summary>An answer has ended.</summary>
    /// <param name="model">As it is served.</param>
    /// <param name="response">As it stands; nothing of its content is told.</param>
    /// <param name="usage">Its tokens.</param>
    /// <param name="error">What went wrong; null when nothing did.</param>
    public void Answered(string model, ResponseObject response, Usage usage, string? error)
    {
        if (Current is not { } span) return;
        span.SetOperation(model).SetTag("gen_ai.response.model", model);
        span.SetUsage(usage.InputTokens, usage.OutputTokens, usage.InputTokensDetails?.CachedTokens ?? 0).SetFinish(FinishReasons.Of(response));
        if (error is not null) span.SetFailed(error);
    }

    /// <summary>The request was refused.</summary>
    public void Refused(string error) => Current?.SetTag("error.type", error);

    public void Dispose() => _source.Dispose();
}
