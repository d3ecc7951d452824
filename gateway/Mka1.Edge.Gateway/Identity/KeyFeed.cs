using Mka1.Edge.Stores;
using Mka1.Edge.Stores.Keys;

namespace Mka1.Edge.Gateway.Identity;

/// <summary>
/// Reads what has become of keys elsewhere, every second, so that a key made, rotated or revoked on one replica is so on all. All
/// keys are read before the first request and every few minutes again. While the store is away, keys stay as they are.
/// </summary>
internal sealed class KeyFeed(IKeyStore store, KeyDirectory directory, TimeProvider clock, ILogger<KeyFeed> logger) : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenFullReadings = TimeSpan.FromMinutes(5);

    private readonly CancellationTokenSource _stopping = new();
    private Task _reading = Task.CompletedTask;
    private long? _since;
    private DateTimeOffset _fullAt;
    private bool _answers;

    public async Task StartingAsync(CancellationToken cancellationToken) => await ReadAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _reading = RunAsync(_stopping.Token);
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _reading;
    }

    public void Dispose() => _stopping.Dispose();

    private async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Interval, clock, stopping);
                await ReadAsync(stopping);
            }
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }

    private async Task ReadAsync(CancellationToken stopping)
    {
        try
        {
            var now = clock.GetUtcNow();
            var full = _since is null || now >= _fullAt || directory.WantsAll;
            var changes = await store.ReadAsync(full ? null : _since, stopping);
            if (full)
            {
                directory.Replace(changes);
                _fullAt = now + BetweenFullReadings;
            }
            else
            {
                directory.Apply(changes.Keys);
            }

            _since = changes.Until;
            if (!_answers) logger.KeysRead(directory.Ring.Count);
            _answers = true;
        }
        catch (StoreUnavailableException e)
        {
            // Once an outage.
            if (_answers || _since is null) logger.KeysAway(e.InnerException?.Message);
            _answers = false;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Nothing that a store answers may end the reading: revocations would no longer arrive.
            logger.KeysFailed(e);
        }
    }
}
