using Mka1.Edge.Gateway.Forwarding.Destinations;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Quota;
using Mka1.Edge.Gateway.Runs;
using Mka1.Edge.Gateway.Streaming;
using Mka1.Edge.Gateway.Telemetry;
using Mka1.Edge.Responses;
using Yarp.ReverseProxy.Forwarder;

namespace Mka1.Edge.Gateway.Forwarding;

/// <summary>
/// Stage 8: sends the request to a destination of the pool. While nobody has seen anything of an answer, one that comes to nothing
/// is sent to another destination, as far as the retry budget goes; after that a second try could give the client two different texts.
/// </summary>
internal sealed class ForwardingStage(
    IHttpForwarder forwarder,
    DestinationPicker picker,
    RunQuota quota,
    EdgeMetrics metrics,
    EdgeTracing tracing,
    TimeProvider clock,
    ILogger<ForwardingStage> logger)
{
    /// <summary>Sees the run through to its end.</summary>
    /// <returns>The refusal, when the run came to nothing before anything of it was seen; else null, and the outcome says how it ended.</returns>
    public async ValueTask<ApiError?> RunAsync(ResponseRun run, IRunOutput output, RunStop stop)
    {
        using var inProgress = metrics.RunInProgress();
        var pool = run.Snapshot.Pools[run.Route.Variant.Pool];
        var (body, unspeakable) = pool.Dialect.Request(UpstreamRequestBody.Build(run));
        if (unspeakable is not null)
        {
            run.Outcome.End = RunEnd.Refused;
            return unspeakable;
        }

        var key = AffinityKeys.Of(run, pool);
        var tried = new List<PoolDestination>(pool.Config.Retry.Attempts);
        var ends = new AttemptEndings();
        var next = run.Progress.Next;
        pool.Enter();
        while (picker.Pick(pool, tried, key) is { } lease)
        {
            AttemptEnd end;
            using (var attempt = new UpstreamAttempt(lease, FirstWait(run, pool), clock, tracing.BeginAttempt(run, pool, lease.Destination, tried.Count), stop.Token))
            {
                tried.Add(attempt.Destination);
                run.Outcome.Destination = attempt.Destination.Name;
                var ended = await TryAsync(run, pool, body, attempt, output, stop);
                AttemptSpan.Tell(attempt.Span, run);
                if (ended) return Ended(run, output);
                end = attempt.End;
                ends.Add(end, run.Outcome);
            }

            if (!picker.MayRetry(pool, tried)) break;
            logger.TriesAnother(run.RequestId, pool.Name, tried[^1].Name, end);
            run.Outcome.Restart();
            run.Progress.Restart(next);
        }

        (run.Outcome.End, var error) = ends.Refusal(run, pool);
        return error;
    }

    /// <returns>Whether the run has ended with this attempt.</returns>
    private async ValueTask<bool> TryAsync(ResponseRun run, ModelPool pool, byte[] body, UpstreamAttempt attempt, IRunOutput output, RunStop stop)
    {
        IUpstreamReader reader = run.UpstreamStreams
            ? new StreamRelay(run, pool.Config, output, stop, quota, clock)
            : new JsonRelay(run, output, stop, quota, clock);
        var exchange = new UpstreamExchange(run, pool, body, attempt, reader, clock);
        var carrier = Carrier(attempt.Deadline.Token);
        var error = await forwarder.SendAsync(
            carrier, attempt.Destination.Address, pool.Cluster.HttpClient, pool.Cluster.Config.HttpRequest!, exchange, attempt.Deadline.Token);
        var fault = carrier.Features.Get<IForwarderErrorFeature>()?.Exception;
        if (exchange.Answered)
        {
            if (error != ForwarderError.None && fault is not null) logger.AnswerFailed(run.RequestId, run.Outcome.Destination, error, fault);
            return !attempt.End.IsRetriable() || (attempt.IsShown && output.Started);
        }

        if (stop.Token.IsCancellationRequested)
        {
            run.Outcome.End = stop.Reason;
            return true;
        }

        if (attempt.End == AttemptEnd.Busy) return false;
        attempt.End = attempt.Interrupted is var interrupted && interrupted != AttemptEnd.Unknown ? interrupted : AttemptEnd.Unreachable;
        logger.DestinationFailed(run.RequestId, pool.Name, attempt.Destination.Name, error, fault);
        return false;
    }

    private static TimeSpan FirstWait(ResponseRun run, ModelPool pool) =>
        TimeSpan.FromSeconds(run.UpstreamStreams ? pool.Config.FirstTokenTimeoutSeconds : pool.Config.FirstByteTimeoutSeconds);

    private static ApiError? Ended(ResponseRun run, IRunOutput output)
    {
        if (run.Outcome.End == RunEnd.Unfinished) run.Outcome.End = RunEnd.UpstreamBroken;
        if (run.Outcome.Error is { } refusal) return refusal;
        return !output.Started && run.Outcome.End is RunEnd.UpstreamBroken
            ? new ApiError(ErrorCode.UpstreamError, "The model server's answer broke off. Retry.")
            : null;
    }

    /// <summary>
    /// The request in the form YARP takes: a context that belongs to the run and to no client's connection. Its body goes another
    /// way: <see cref="WholeBodyHandler"/>.
    /// </summary>
    private static DefaultHttpContext Carrier(CancellationToken cancellation)
    {
        var carrier = new DefaultHttpContext { RequestAborted = cancellation };
        carrier.Request.Method = HttpMethods.Post;
        carrier.Request.Protocol = HttpProtocol.Http11;
        return carrier;
    }
}
