using System.Collections.Concurrent;
using System.Diagnostics;
using Mka1.Edge.Gateway.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace Mka1.Edge.Gateway.Tests.Support;

/// <summary>Wants the spans of one gateway, and keeps those that have ended.</summary>
internal sealed class SpanCapture : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;
    private volatile TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SpanCapture(GatewayFixture gateway)
    {
        var source = gateway.App.Services.GetRequiredService<EdgeTracing>().Source;
        _listener = new ActivityListener
        {
            ShouldListenTo = other => ReferenceEquals(other, source),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                _ended.Enqueue(span);
                Interlocked.Exchange(ref _more, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>Waits for the span of a request, or another that nothing here contains, and what was done for it.</summary>
    public async Task<(Activity Request, IReadOnlyList<Activity> Attempts)> TraceAsync(ActivityKind kind = ActivityKind.Server)
    {
        while (true)
        {
            var more = _more;
            if (_ended.FirstOrDefault(span => span.Kind == kind) is { } request)
                return (request, [.. _ended.Where(span => span.ParentSpanId == request.SpanId)]);
            await more.Task.Soon();
        }
    }

    /// <summary>All that has ended.</summary>
    public IReadOnlyList<Activity> Ended => [.. _ended];

    public void Dispose() => _listener.Dispose();
}
