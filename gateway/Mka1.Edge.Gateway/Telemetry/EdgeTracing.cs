using System.Diagnostics;
using Mka1.Edge.Gateway.Forwarding.Destinations;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Telemetry;

namespace Mka1.Edge.Gateway.Telemetry;

/// <summary>Begins the gateway's spans; <c>gateway/TELEMETRY.md</c> says what they tell. When nobody listens there are none, and nothing is made.</summary>
internal sealed class EdgeTracing : IDisposable
{
    /// <summary>The operation of every activity begun here: what else may be current is no trace of ours.</summary>
    private const string Operation = EdgeMetrics.MeterName;

    private readonly ActivitySource _source = new(EdgeMetrics.MeterName);

    /// <summary>Where its spans come from.</summary>
    public ActivitySource Source => _source;

    /// <summary>Whether anybody wants spans.</summary>
    public bool IsOn => _source.HasListeners();

    /// <summary>What a model server is sent of the trace that is under way; null when there is none.</summary>
    public static string? TraceParent => Activity.Current is { OperationName: Operation, IdFormat: ActivityIdFormat.W3C, Id: { } id } ? id : null;

    /// <summary>Begins the span of a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="accept">Whether it goes on with its caller's trace.</param>
    public Activity? BeginRequest(HttpRequest request, bool accept)
    {
        var parent = accept && request.Headers.TryGetValue(Spans.TraceParent, out var header) && header.Count == 1 ? Spans.Read(header[0]) : default;
        if (Spans.BeginServer(_source, Operation, parent) is { } span) return span;
        if (parent == default) return null;

        // No span, but the caller's trace is passed on.
        return new Activity(Operation).SetParentId(parent.TraceId, parent.SpanId, parent.TraceFlags).Start();
    }

    /// <summary>Begins the span of one try at one destination; it belongs to the request's, or to the background run's.</summary>
    /// <param name="run">The run.</param>
    /// <param name="pool">The pool.</param>
    /// <param name="destination">The destination.</param>
    /// <param name="before">How many were tried before it.</param>
    public Activity? BeginAttempt(ResponseRun run, ModelPool pool, PoolDestination destination, int before)
    {
        if (!IsOn || _source.StartActivity(Operation, ActivityKind.Client) is not { } span) return null;
        AttemptSpan.Begin(span, run, pool, destination, before);
        return span;
    }

    /// <summary>Begins the span of a run that no request waits for.</summary>
    public Activity? BeginBackground(ResponseRun run)
    {
        if (!IsOn) return null;
        Activity.Current = null;
        if (_source.StartActivity(Operation, ActivityKind.Consumer) is not { } span) return null;
        span.DisplayName = "run";
        return span;
    }

    public void Dispose() => _source.Dispose();
}
