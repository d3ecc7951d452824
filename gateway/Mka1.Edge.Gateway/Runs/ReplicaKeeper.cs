using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Telemetry;
using Mka1.Edge.Responses;
using Mka1.Edge.Stores;
using Mka1.Edge.Stores.Runs;

namespace Mka1.Edge.Gateway.Runs;

/// <summary>
/// Keeps this replica's lease, and takes over the runs of replicas whose lease is over: a background run nobody has seen
/// anything of is run again, every other one ends as broken off. Never a second text for one that was seen.
/// </summary>
internal sealed class ReplicaKeeper(
    EdgeConfiguration configuration,
    Replica replica,
    BackgroundWorker worker,
    RunFailure failure,
    IRunStore runs,
    EdgeMetrics metrics,
    TimeProvider clock,
    ILogger<ReplicaKeeper> logger) : BackgroundService
{
    private const int OrphansAtOnce = 64;

    private static readonly ApiError BrokenOff = new(ErrorCode.RunInterrupted, "The gateway that made this answer stopped before it was complete. Send the request again.");

    /// <summary>Runs that are ours to end. Nobody else would, so those that the store could not take yet are kept.</summary>
    private readonly Queue<StoredRun> _broken = new();

    private bool _missed;

    private TimeSpan Lease => TimeSpan.FromSeconds(configuration.Current.Config.Stores.LeaseSeconds);

    /// <summary>Beats once before the first request: a run begun without a lease would be anyone's to take over.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await BeatAsync(Lease, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Two loops: a beat must not wait for whatever taking over waits for.</summary>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        EveryAsync(Lease / 4, () => BeatAsync(Lease, stoppingToken), stoppingToken),
        EveryAsync(Lease / 4, () => TakeOverAsync(stoppingToken), stoppingToken));

    private async Task EveryAsync(TimeSpan interval, Func<Task> work, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping)) await work();
        }
        catch (OperationCanceledException)
        {
            // Told to stop. The lease is given back once the runs have ended: see RunDrain.
        }
    }

    private async Task BeatAsync(TimeSpan lease, CancellationToken stopping)
    {
        try
        {
            var sentAt = clock.GetTimestamp();
            await runs.BeatAsync(replica.Id, lease, stopping);
            replica.Beat(sentAt, lease);
            if (_missed) logger.BeatAgain();
            _missed = false;
        }
        catch (StoreUnavailableException e)
        {
            replica.Miss();
            metrics.StoreFailed(e.Store);
            if (!_missed) logger.BeatFailed(e.Store);
            _missed = true;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logger.ClaimFailed(e);
        }
    }

    private async Task TakeOverAsync(CancellationToken stopping)
    {
        try
        {
            if (_broken.Count == 0 && replica.MayTakeOver)
            {
                foreach (var orphan in await runs.TakeOrphansAsync(replica.Id, OrphansAtOnce, stopping)) TakeOver(orphan);
            }

            for (; _broken.TryPeek(out var orphan); _broken.Dequeue()) await failure.EndAsync(orphan, BrokenOff);
        }
        catch (StoreUnavailableException)
        {
            // The beat tells of it; what is ours to end is kept.
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logger.ClaimFailed(e);
        }
    }

    private void TakeOver(StoredRun orphan)
    {
        metrics.RunTakenOver();
        if (orphan.Response.Background && !orphan.Emitted)
        {
            logger.OrphanTaken(orphan.Response.Id, "it is run again");
            worker.Accept(orphan);
            return;
        }

        logger.OrphanTaken(orphan.Response.Id, "it ends as broken off");
        _broken.Enqueue(orphan);
    }
}
