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
/// Stage 8: sends the request to a destination of the pool. Another destination is tried while none has answered or taken
/// the work: after the first byte a second try could give the client two different texts.
/// </summary>
internal sealed class ForwardingStage(
    IHttpForwarder forwarder,
    DestinationPicker picker,
    RunQuota quota,
    EdgeMetrics metrics,
    TimeProvider clock,
    ILogger<ForwardingStage> logger)
{
    /// <summary>Sees the run through to its end.</summary>
    /// <returns>The refusal, when the run came to nothing before anything of it was seen; else null, and the outcome says how it ended.</returns>
    public async ValueTask<ApiError?> RunAsync(ResponseRun run, IRunOutput output, RunStop stop)
    {
        using var inProgress = metrics.RunInProgress();
        var cancellation = stop.Token;
        var variant = run.Route.Variant;
        var pool = run.Snapshot.Pools[variant.Pool];
        var settings = pool.Config;
        var (body, unspeakable) = pool.Dialect.Request(UpstreamRequestBody.Build(run));
        if (unspeakable is not null)
        {
            run.Outcome.End = RunEnd.Refused;
            return unspeakable;
        }

        var tried = new List<PoolDestination>();
        var busy = false;

        while (picker.Pick(pool, tried) is { } lease)
        {
            using (lease)
            {
                var destination = lease.Destination;
                tried.Add(destination);
                run.Outcome.Destination = destination.Name;

                using var deadline = new UpstreamDeadline(TimeSpan.FromSeconds(settings.FirstByteTimeoutSeconds), clock, cancellation);
                IUpstreamReader reader = run.UpstreamStreams
                    ? new StreamRelay(run, settings, output, stop, quota, clock)
                    : new JsonRelay(run, output, stop, clock);
                var exchange = new UpstreamExchange(run, pool.Dialect, pool.Path, destination.ApiKey, reader, deadline, clock);
                var carrier = Carrier(body, deadline.Token);

                var error = await forwarder.SendAsync(
                    carrier, destination.Address, pool.Cluster.HttpClient, pool.Cluster.Config.HttpRequest!, exchange, deadline.Token);
                if (exchange.Answered) return Answered(run, carrier, error, output);

                if (cancellation.IsCancellationRequested)
                {
                    run.Outcome.End = stop.Reason;
                    return null;
                }

                if (deadline.Expired)
                {
                    run.Outcome.End = RunEnd.UpstreamTimeout;
                    return new ApiError(ErrorCode.UpstreamTimeout, $"The model server did not answer within {settings.FirstByteTimeoutSeconds} s. Retry, or ask for less.");
                }

                busy |= exchange.Busy;
                if (exchange.Busy) continue;
                logger.DestinationFailed(run.RequestId, variant.Pool, destination.Name, error, carrier.Features.Get<IForwarderErrorFeature>()?.Exception);
            }
        }

        if (busy)
        {
            run.Outcome.End = RunEnd.UpstreamRefused;
            return new ApiError(ErrorCode.Overloaded, $"Every model server of '{run.Request.Model}' is busy. Retry shortly.");
        }

        run.Outcome.End = RunEnd.UpstreamUnavailable;
        return new ApiError(ErrorCode.NoBackendAvailable, $"No model server of '{run.Request.Model}' can be reached now. Retry shortly.");
    }

    private ApiError? Answered(ResponseRun run, DefaultHttpContext carrier, ForwarderError error, IRunOutput output)
    {
        if (error != ForwarderError.None && carrier.Features.Get<IForwarderErrorFeature>()?.Exception is { } fault)
            logger.AnswerFailed(run.RequestId, run.Outcome.Destination, error, fault);
        if (run.Outcome.End == RunEnd.Unfinished) run.Outcome.End = RunEnd.UpstreamBroken;
        if (run.Outcome.Error is { } refusal) return refusal;
        return !output.Started && run.Outcome.End is RunEnd.UpstreamBroken
            ? new ApiError(ErrorCode.UpstreamError, "The model server's answer broke off. Retry.")
            : null;
    }

    /// <summary>The request in the form YARP takes: a context that belongs to the run and to no client's connection.</summary>
    private static DefaultHttpContext Carrier(byte[] body, CancellationToken cancellation)
    {
        var carrier = new DefaultHttpContext { RequestAborted = cancellation };
        carrier.Request.Method = HttpMethods.Post;
        carrier.Request.Protocol = HttpProtocol.Http11;
        carrier.Request.ContentLength = body.Length;
        carrier.Request.Body = new MemoryStream(body, writable: false);
        return carrier;
    }
}
