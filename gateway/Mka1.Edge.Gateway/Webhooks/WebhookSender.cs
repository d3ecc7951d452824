using System.Collections.Concurrent;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Telemetry;
using Mka1.Edge.Stores;
using Mka1.Edge.Stores.Webhooks;

namespace Mka1.Edge.Gateway.Webhooks;

/// <summary>
/// Delivers what the outbox holds, at least once. Each delivery is claimed, sent, and its outcome noted; whatever goes wrong in
/// between, the claim runs out and the delivery is made again, by any replica, under the same id.
/// </summary>
internal sealed class WebhookSender(
    IWebhookOutbox outbox, WebhookHttpClient client, EdgeConfiguration configuration, EdgeMetrics metrics, TimeProvider clock, ILogger<WebhookSender> logger)
    : BackgroundService
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(1);

    /// <summary>A receiver that answers within this time is served at work; for others room is made.</summary>
    private static readonly TimeSpan QuickAnswer = TimeSpan.FromMilliseconds(100);

    /// <summary>Left of a claim once the attempt has timed out, to note the outcome.</summary>
    private static readonly TimeSpan NotingTime = TimeSpan.FromSeconds(15);

    /// <summary>What running attempts get when the gateway stops.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(3);

    private readonly WebhookSlots _slots = new(configuration);
    private readonly ConcurrentDictionary<Task, byte> _running = new();
    private readonly CancellationTokenSource _cut = new();
    private volatile TaskCompletionSource _wake = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _storeAway;

    private WebhooksConfig Settings => configuration.Current.Config.Webhooks;

    private TimeSpan Lease => TimeSpan.FromSeconds(Settings.TimeoutSeconds) + NotingTime;

    /// <summary>Says that something may be due: this process has just put it into the outbox, or has room again.</summary>
    public void Wake() => Interlocked.Exchange(ref _wake, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    public override void Dispose()
    {
        base.Dispose();
        _cut.Cancel();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            // Before the claim, so that a call to Wake while it is made is not missed.
            var wake = _wake.Task;
            var pause = await ClaimAsync(stoppingToken);
            await PauseAsync(wake, pause, stoppingToken);
        }

        await Task.WhenAny(Task.WhenAll(_running.Keys), Task.Delay(Farewell, clock, CancellationToken.None));
        await _cut.CancelAsync();
        await Task.WhenAll(_running.Keys);
    }

    /// <summary>Begins what is due. Gives how long to wait before looking again.</summary>
    private async Task<TimeSpan> ClaimAsync(CancellationToken stopping)
    {
        if (_slots.Free is not (> 0 and var free)) return PollInterval;
        try
        {
            var due = await outbox.ClaimDueAsync(free, _slots.IsCrowded ? 1 : Settings.PerReceiver, Lease, stopping);
            StoreAnswered();
            foreach (var delivery in due) Begin(delivery);
            return PollInterval;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
        catch (StoreUnavailableException e)
        {
            if (!_storeAway) logger.StoreAway(e);
            _storeAway = true;
            return AfterFault;
        }
        catch (Exception e)
        {
            logger.ClaimFailed(e);
            return AfterFault;
        }
    }

    private void StoreAnswered()
    {
        if (_storeAway) logger.StoreBack();
        _storeAway = false;
    }

    private async Task PauseAsync(Task wake, TimeSpan pause, CancellationToken stopping)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);

        // After a fault a call to Wake is no reason to hurry.
        var delay = Task.Delay(pause, clock, over.Token);
        await (pause == PollInterval ? Task.WhenAny(wake, delay) : Task.WhenAny(delay));
        await over.CancelAsync();
    }

    private void Begin(WebhookDelivery delivery)
    {
        _slots.Begin();
        var attempt = AttemptAsync(delivery);
        _running[attempt] = 0;
        attempt.ContinueWith(done => _running.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private async Task AttemptAsync(WebhookDelivery delivery)
    {
        await Task.Yield();
        var atWork = true;
        try
        {
            var at = clock.GetUtcNow();
            var sending = client.SendAsync(delivery.Event, at, _cut.Token);
            if (!await IsQuickAsync(sending)) MakeRoom();
            var answer = await sending;
            var (state, retryAfter) = WebhookSchedule.After(delivery.Attempts.Count + 1, answer, Random.Shared.NextDouble());
            metrics.WebhookAttempted(state);
            logger.Attempted(delivery.Event.Id, delivery.Event.Type, delivery.Event.ResponseId, delivery.Attempts.Count + 1, answer.Status, answer.Error, state);
            MakeRoom();
            await NoteAsync(delivery, new WebhookAttempt(at, answer.Status, answer.Error), state, retryAfter);
        }
        catch (OperationCanceledException) when (_cut.IsCancellationRequested)
        {
            // The gateway stops. Whether the receiver has it is not known: it is sent again, under the same id.
        }
        catch (Exception e)
        {
            logger.AttemptFailed(delivery.Event.Id, delivery.Event.ResponseId, e);
        }
        finally
        {
            MakeRoom();
            _slots.End();
            Wake();
        }

        void MakeRoom()
        {
            if (!atWork) return;
            atWork = false;
            _slots.MakeRoom();
            Wake();
        }
    }

    private async Task<bool> IsQuickAsync(Task sending)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_cut.Token);
        await Task.WhenAny(sending, Task.Delay(QuickAnswer, clock, over.Token));
        await over.CancelAsync();
        return sending.IsCompleted;
    }

    /// <summary>Notes an outcome, for as long as the claim holds: until then nobody else sends the delivery.</summary>
    private async Task NoteAsync(WebhookDelivery delivery, WebhookAttempt attempt, WebhookState state, TimeSpan? retryAfter)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            try
            {
                await outbox.RecordAsync(delivery.Event.Id, attempt, state, retryAfter, _cut.Token);
                return;
            }
            catch (StoreUnavailableException)
            {
                if (clock.GetElapsedTime(began) > NotingTime)
                {
                    logger.NotNoted(delivery.Event.Id, delivery.Event.ResponseId);
                    return;
                }

                await Task.Delay(AfterFault, clock, _cut.Token);
            }
        }
    }
}
