using System.Diagnostics;
using System.Net;
using Mka1.Edge.Gateway.Forwarding.Destinations;
using Mka1.Edge.Gateway.Telemetry;
using Mka1.Edge.Telemetry;

namespace Mka1.Edge.Gateway.Forwarding;

/// <summary>One request at one destination: its place there, its time, and what it comes to.</summary>
internal sealed class UpstreamAttempt : IDisposable
{
    private readonly DestinationLease _lease;
    private readonly TimeProvider _clock;
    private bool _begun;
    private bool _spoke;
    private TimeSpan? _retryAfter;

    /// <param name="lease">Its place.</param>
    /// <param name="first">The time to its first sign of life.</param>
    /// <param name="clock">Measures that.</param>
    /// <param name="span">Its span, which ends with it; null when nobody wants one.</param>
    /// <param name="caller">Gives it up.</param>
    public UpstreamAttempt(DestinationLease lease, TimeSpan first, TimeProvider clock, Activity? span, CancellationToken caller)
    {
        (_lease, _clock, Span) = (lease, clock, span);
        Deadline = new UpstreamDeadline(first, clock, caller);
        lease.Destination.State.Wait(Deadline);
    }

    public PoolDestination Destination => _lease.Destination;

    public UpstreamDeadline Deadline { get; }

    /// <summary>What a trace tells of it.</summary>
    public Activity? Span { get; }

    /// <summary>What it came to; unknown until then.</summary>
    public AttemptEnd End { get; set; }

    /// <summary>Whether anything of the answer has been passed on.</summary>
    public bool IsShown { get; private set; }

    /// <summary>The answer has begun: from here on the attempt is not moved.</summary>
    /// <exception cref="OperationCanceledException">It was moved before.</exception>
    public void Begin()
    {
        if (_begun) return;
        Deadline.Begin();
        _begun = true;
        Destination.State.StopWaiting(Deadline);
    }

    /// <summary>Part of the answer has been passed on, so it made sense.</summary>
    public void Show()
    {
        if (IsShown) return;
        IsShown = true;
        _lease.Begin();
    }

    /// <summary>The first piece of output has come; again: nothing.</summary>
    public void Speak()
    {
        if (_spoke) return;
        _spoke = true;
        Span?.AddEvent(new ActivityEvent(Spans.FirstToken));
    }

    /// <summary>Takes note of what the destination says of its load, and of having no room.</summary>
    /// <returns>False when it took nothing on.</returns>
    public bool Hear(HttpResponseMessage response)
    {
        _lease.Hear(response);
        Span?.SetTag("http.response.status_code", (int)response.StatusCode);
        if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)) return true;
        (End, _retryAfter) = (AttemptEnd.Busy, RetryAfterHeader.Read(response, _clock));
        return false;
    }

    /// <summary>What an interruption of the attempt means.</summary>
    public AttemptEnd Interrupted => Deadline.IsMoved ? AttemptEnd.Moved : Deadline.Expired ? AttemptEnd.TimedOut : AttemptEnd.Unknown;

    public void Dispose()
    {
        Destination.State.StopWaiting(Deadline);
        _lease.End(End, _retryAfter);
        _lease.Dispose();
        Deadline.Dispose();
        AttemptSpan.End(Span, End);
    }
}
