using Mka1.Edge.Gateway.Forwarding;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Quota;
using Mka1.Edge.Gateway.Telemetry;
using Mka1.Edge.Policies.Canary;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Trials;

/// <summary>
/// Sends a share of a variant's requests to another pool too, once their clients have been answered. The answer is compared and dropped:
/// no client sees it or waits for it, nothing of it is stored or billed. Only so many are under way at a time; the rest is left out.
/// </summary>
internal sealed class ShadowMirror(
    PoolClient pools, TrialBoard board, RoutingMetrics metrics, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<ShadowMirror> logger)
{
    private int _underWay;

    /// <summary>Mirrors a run that has ended, if it is among the share. Does not wait.</summary>
    public void Offer(ResponseRun run, RunUsage usage, TimeSpan duration)
    {
        if (run.Route is not { Variant.Shadow: { } shadow, Arm: not RouteArm.Canary } || !IsFit(run) || !shadow.Takes(run.Id)) return;
        var stats = board.Of(shadow);
        if (Interlocked.Increment(ref _underWay) > run.Snapshot.Config.Routing.ShadowConcurrency)
        {
            Interlocked.Decrement(ref _underWay);
            stats.Drop();
            metrics.ShadowDropped(shadow.Variant);
            return;
        }

        TrialBoard.Add(stats.Main, run, usage, duration);
        _ = Task.Run(() => MirrorAsync(run, shadow, stats));
    }

    /// <summary>A background run may be run again elsewhere; and where no model server answered there is nothing to compare.</summary>
    private static bool IsFit(ResponseRun run) =>
        !run.Request.Background && run.Outcome.TimeToFirstByte is not null
        && run.Outcome.End is RunEnd.Finished or RunEnd.UpstreamRefused or RunEnd.UpstreamBroken or RunEnd.UpstreamTimeout;

    private async Task MirrorAsync(ResponseRun run, ShadowRule shadow, ShadowStats stats)
    {
        var began = clock.GetTimestamp();
        try
        {
            var answer = await AskAsync(run, shadow, lifetime.ApplicationStopping);
            var duration = clock.GetElapsedTime(began);
            var usage = answer?.Usage is { } spent ? new RunUsage(spent.InputTokens, spent.OutputTokens, Estimated: false) : default;
            stats.Shadow.Add(null, duration, failed: answer is null or { Status: ResponseStatus.Failed }, usage);
            var comparison = AnswerComparison.Of(run.Progress.Final, answer);
            stats.Add(comparison);
            metrics.ShadowEnded(shadow.Variant, answer is null ? "failed" : comparison.Differs ? "different" : "same", duration);
        }
        catch (OperationCanceledException)
        {
            // The gateway stops: nobody is left to compare for.
        }
        catch (Exception e)
        {
            logger.ShadowFaulted(run.RequestId, e);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    /// <returns>The shadow's answer; null when it refused, failed or made no sense.</returns>
    private async Task<ResponseObject?> AskAsync(ResponseRun run, ShadowRule shadow, CancellationToken cancellation)
    {
        var mirrored = new ResponseRun(run.Id, run.RequestId, run.Snapshot, run.Caller, run.CreatedAt, clock.GetTimestamp())
        {
            Request = run.Request,
            History = run.History,
            Route = run.Route with { Variant = shadow.Variant },
            Envelope = run.Envelope,
            Reservation = run.Reservation,
        };
        var body = JsonSplice.Apply(UpstreamRequestBody.Build(mirrored), [.. UpstreamRequestBody.NoStream]);
        return await pools.PostAsync(mirrored, "", body, cancellation) is PoolAnswer.Answered answered
            && SnapshotEnvelope.Merge(run.Envelope, answered.Body, clock.GetUtcNow().ToUnixTimeSeconds()) is SnapshotResult.Merged { Response: { IsTerminal: true } response }
            ? response
            : null;
    }
}
