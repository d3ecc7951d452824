using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Stores;
using Mka1.Edge.Stores.Safety;

namespace Mka1.Edge.Gateway.Safety;

/// <summary>
/// Every second, tells the store what was seen here, and takes in what it says: what other replicas saw is in it. A batch whose
/// fate is not known is sent again as it was, under its number, before anything new.
/// </summary>
internal sealed class SafetyFlusher(
    EdgeConfiguration configuration, SafetyTracker tracker, ISafetyStore store, SafetyWebhooks webhooks, TimeProvider clock, ILogger<SafetyFlusher> logger)
    : BackgroundService
{
    private const int SubjectsAtOnce = 1000;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>What the last batch gets when the gateway stops.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(3);

    private readonly SemaphoreSlim _turn = new(1);
    private readonly string _source = Guid.NewGuid().ToString("N");
    private IReadOnlyList<(TrackedSubject Tracked, SafetyDelta Delta)> _unsent = [];
    private long _number;
    private bool _failing;

    /// <summary>Tells the store all that it has not got yet.</summary>
    /// <returns>False when it could not be told.</returns>
    public async Task<bool> FlushAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            while (true)
            {
                if (_unsent.Count == 0 && (_unsent = tracker.Take(SubjectsAtOnce)).Count > 0) _number++;
                var sent = _unsent.Count;
                await SendAsync(cancellation);
                if (sent < SubjectsAtOnce) return true;
            }
        }
        catch (StoreUnavailableException e)
        {
            tracker.Away(e);
            return false;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            if (!_failing) logger.FlushFailed(e);
            _failing = true;
            return false;
        }
        finally
        {
            _turn.Release();
        }
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (configuration.Current.Config is { Stores.Postgres: not null } config && SafetySettings.HasOwnHashKey(config)) logger.OwnHashKey();
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Interval, clock, stoppingToken);
                await FlushAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            using var farewell = new CancellationTokenSource(Farewell, clock);
            try
            {
                await FlushAsync(farewell.Token);
            }
            catch (OperationCanceledException)
            {
                // What was seen in the last second is lost with this process.
            }
        }
    }

    private async Task SendAsync(CancellationToken cancellation)
    {
        var batch = new SafetyBatch(_source, _number, [.. _unsent.Select(sent => sent.Delta)], []);
        var records = await store.ApplyAsync(batch, configuration.Current.Ladder, clock.GetUtcNow(), webhooks.Of, cancellation);
        var now = clock.GetUtcNow();
        var sent = _unsent.ToDictionary(pair => pair.Delta.Subject, pair => pair.Tracked);
        _unsent = [];
        foreach (var record in records)
        {
            if (sent.TryGetValue(record.Subject, out var tracked)) tracked.Told(record, withSent: true, now);
            tracker.Told(record);
        }

        tracker.Back();
        _failing = false;
    }
}
