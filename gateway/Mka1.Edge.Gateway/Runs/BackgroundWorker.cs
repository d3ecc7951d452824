using System.Collections.Concurrent;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Webhooks;
using Mka1.Edge.Responses;
using Mka1.Edge.Stores;
using Mka1.Edge.Stores.Runs;
using Mka1.Edge.Stores.Webhooks;

namespace Mka1.Edge.Gateway.Runs;

/// <summary>Works off queued background runs, whichever replica took them in, as many at a time as configured.</summary>
internal sealed class BackgroundWorker(
    EdgeConfiguration configuration,
    Replica replica,
    RunHost host,
    RunRevival revival,
    RunFailure failure,
    IRunStore runs,
    TimeProvider clock,
    ILogger<BackgroundWorker> logger) : BackgroundService
{
    /// <summary>Runs that this replica holds and that are not in progress yet. Nobody else would take them up, so none may be dropped.</summary>
    private readonly ConcurrentQueue<Held> _held = new();

    private TaskCompletionSource _woken = NewSignal();

    /// <summary>Looks for work at once: this replica has just taken some in, or has room again.</summary>
    public void Wake() => Volatile.Read(ref _woken).TrySetResult();

    /// <summary>Takes in a run that this replica holds already.</summary>
    public void Accept(StoredRun stored)
    {
        _held.Enqueue(Hold(stored));
        Wake();
    }

    private async Task TakeUpAsync(Held held)
    {
        var stored = held.Run;
        var (run, refusal) = await revival.ReviveAsync(stored);
        if (run.Request is null)
        {
            await failure.EndAsync(stored, refusal!);
            return;
        }

        var started = StoredBody.Started(stored.Response.Body);
        var opening = OpeningEvents.Started(StoredBody.Queued(stored.Response.Body), started);
        run.Progress.Opened = true;
        run.Progress.Next = opening.Count;
        if (!await runs.StartAsync(stored.Response.Id, stored.Fence, started, held.Started)) return;
        host.Start(run, stored.Fence, stored.Run.Webhook, stored.Emitted, opening, refusal, Wake);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var took = 0;

            // Before looking: who wakes us while we look is not forgotten.
            Volatile.Write(ref _woken, NewSignal());
            try
            {
                took = await ClaimAsync(stoppingToken);
            }
            catch (StoreUnavailableException)
            {
                // The keeper of the replica's lease tells of it; the queue waits.
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.ClaimFailed(e);
            }

            if (took == 0) await WaitAsync(TimeSpan.FromSeconds(configuration.Current.Config.Background.PollSeconds), stoppingToken);
        }
    }

    private async Task<int> ClaimAsync(CancellationToken stopping)
    {
        var config = configuration.Current.Config.Background;
        await TakeUpHeldAsync();
        var free = config.Workers - host.Live.Count(live => live.Run.Request.Background);
        if (free <= 0 || !replica.IsAlive) return 0;
        var claimed = await runs.ClaimAsync(replica.Id, free, config.PerTenant, stopping);
        foreach (var stored in claimed) _held.Enqueue(Hold(stored));
        await TakeUpHeldAsync();
        return claimed.Count;
    }

    /// <exception cref="StoreUnavailableException">The rest is taken up once the store answers again.</exception>
    private async Task TakeUpHeldAsync()
    {
        // What is not begun when the gateway is told to stop goes to others with the lease.
        while (!replica.IsStopped && _held.TryPeek(out var held))
        {
            try
            {
                await TakeUpAsync(held);
            }
            catch (Exception e) when (e is not StoreUnavailableException)
            {
                logger.RunFaulted(held.Run.Response.Id, e);
                await failure.EndAsync(held.Run, new ApiError(ErrorCode.ServerError, "The gateway failed. Send the request again."));
            }

            _held.TryDequeue(out _);
        }
    }

    private async Task WaitAsync(TimeSpan poll, CancellationToken stopping)
    {
        try
        {
            await Volatile.Read(ref _woken).Task.WaitAsync(poll, clock, stopping);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            // Time to look again, or told to stop.
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Held Hold(StoredRun stored) => new(
        stored, WebhookEvents.For(stored.Response.Owner, stored.Response.Id, stored.Run.Webhook, ResponseStatus.InProgress, clock.GetUtcNow()));

    /// <summary>A run to be taken up, and the notification that it is: one, however often it takes.</summary>
    private sealed record Held(StoredRun Run, WebhookEvent? Started);
}
