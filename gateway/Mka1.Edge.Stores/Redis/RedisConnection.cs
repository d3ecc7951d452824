using StackExchange.Redis;

namespace Mka1.Edge.Stores.Redis;

/// <summary>
/// Access to Redis: one connection, and one place that tells "not available" from "wrong". A Redis that is gone costs a caller
/// at most one patience, or less where a silence is told; from then on calls fail at once until a probe in the background gets
/// an answer. A silence first makes it <see cref="Suspicion">suspect</see>: who can do without it need not wait for certainty.
/// </summary>
public sealed class RedisConnection : IAsyncDisposable
{
    internal const string Name = "redis";

    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>Who asks for readiness must not depend on somebody else's call having failed.</summary>
    private static readonly TimeSpan IdleInterval = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LeastCertainty = TimeSpan.FromSeconds(1);

    /// <summary>How long the driver may try to mend a connection by itself before it is replaced.</summary>
    private static readonly TimeSpan MendingTime = TimeSpan.FromSeconds(1);

    private readonly ConfigurationOptions _options;
    private readonly TimeSpan _patience;
    private readonly TimeSpan _certainty;
    private readonly TimeProvider _clock;
    private readonly RedisSilence? _silence;
    private readonly RedisSubscriptions _subscriptions = new();
    private readonly CancellationTokenSource _disposing = new();
    private readonly SemaphoreSlim _tripped = new(0, 1);
    private readonly TaskCompletionSource _firstProbe = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _watch;

    private volatile ConnectionMultiplexer? _multiplexer;
    private volatile bool _available;
    private volatile Exception? _lastError;

    /// <summary>Begins to connect and returns at once, whether or not Redis is there.</summary>
    /// <param name="configuration">StackExchange.Redis's form; the options that decide about waiting are set here.</param>
    /// <param name="patience">How long one call may take before Redis counts as not available; 1 s when left out.</param>
    /// <param name="clock">The clock; the system's when left out.</param>
    /// <param name="silence">
    /// After how long without any reply, while calls wait for theirs, Redis is suspect. After twice as long, and 1 s at least, it counts
    /// as not available, and all of them are given up at once. Only patience decides when left out.
    /// </param>
    public RedisConnection(string configuration, TimeSpan? patience = null, TimeProvider? clock = null, TimeSpan? silence = null)
    {
        _patience = patience ?? TimeSpan.FromSeconds(1);
        _clock = clock ?? TimeProvider.System;
        _certainty = _patience;
        if (silence is { } length)
        {
            var certainty = 2 * length > LeastCertainty ? 2 * length : LeastCertainty;
            if (certainty < _patience) _certainty = certainty;
            _silence = new RedisSilence(length, _certainty, _clock);
        }

        _options = RedisSettings.Read(configuration, _patience);
        _watch = Task.Run(WatchAsync);
        _ = EndFirstProbeAsync();
    }

    /// <summary>Whether Redis answered when it was last asked.</summary>
    public bool IsAvailable => _available;

    /// <summary>Is cancelled when Redis becomes suspect: it has been silent for a while although calls wait. A reply ends that, and there is a new one.</summary>
    internal CancellationToken Suspicion => _silence?.Suspicion ?? CancellationToken.None;

    /// <summary>How long a call that is made now is waited for at least if nothing at all is heard and the connection holds.</summary>
    internal TimeSpan Remaining => _silence?.Remaining ?? _patience;

    internal TimeProvider Clock => _clock;

    internal TimeSpan Patience => _patience;

    /// <summary>Runs commands. They may be sent again, and may take effect although this call has given them up: they must bear repeating.</summary>
    /// <exception cref="StoreUnavailableException">Redis cannot be reached, does not answer in time, or cannot serve now.</exception>
    public async Task<T> RunAsync<T>(Func<IDatabase, Task<T>> work, CancellationToken cancellation = default)
    {
        await _firstProbe.Task.WaitAsync(cancellation);
        for (var tries = 1; ; tries++)
        {
            var multiplexer = _multiplexer;
            if (!_available || multiplexer is null) throw new StoreUnavailableException(Name, _lastError) { NothingDone = true };
            try
            {
                return await Bounded(work(multiplexer.GetDatabase()), cancellation);
            }
            catch (RedisServerException e) when (RedisFault.IsUnknownScript(e) && tries == 1)
            {
                // Redis was restarted or its scripts flushed; the driver has noticed and sends the script along next time.
            }
            catch (RedisServerException e) when (RedisFault.IsUnableToServe(e))
            {
                // It answered, and quickly, so there is nothing to protect callers from.
                throw new StoreUnavailableException(Name, e) { NothingDone = true };
            }
            catch (Exception e) when (RedisFault.IsUnavailable(e) || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                Trip(e);
                throw new StoreUnavailableException(Name, e);
            }
        }
    }

    /// <summary>Calls <paramref name="received"/> for each message on a channel, until disposed; survives reconnects, during which messages are missed.</summary>
    internal IDisposable Subscribe(string channel, Action<RedisValue> received) => _subscriptions.Add(channel, received);

    public async ValueTask DisposeAsync()
    {
        if (_disposing.IsCancellationRequested) return;
        await _disposing.CancelAsync();
        await _watch;
        _available = false;
        Discard(_multiplexer);
        _silence?.Dispose();
        _disposing.Dispose();
        _tripped.Dispose();
    }

    /// <summary>Nobody waits for a Redis that is not there from the start.</summary>
    private async Task EndFirstProbeAsync()
    {
        await Task.Delay(_certainty, _clock, _disposing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _firstProbe.TrySetResult();
    }

    /// <summary>The driver's tasks have no time limit of their own.</summary>
    private async Task<T> Bounded<T>(Task<T> command, CancellationToken cancellation)
    {
        AbandonedTask.Observe(command);
        using var given = CancellationTokenSource.CreateLinkedTokenSource(_silence?.Watch(command) ?? CancellationToken.None, cancellation);
        var answer = command.WaitAsync(_patience, _clock, given.Token);
        await ((Task)answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // The driver hands out its answers one after the other and in between would do whatever the caller does next.
        await Task.Yield();
        return await answer;
    }

    private void Trip(Exception error)
    {
        _lastError = error;
        _available = false;
        try
        {
            _tripped.Release();
        }
        catch (Exception e) when (e is SemaphoreFullException or ObjectDisposedException)
        {
            // Somebody else has said so already, or nobody listens any more.
        }
    }

    /// <summary>Connects, and probes: often while Redis is not available, now and then while it is.</summary>
    private async Task WatchAsync()
    {
        try
        {
            var mendingSince = _clock.GetTimestamp();
            while (true)
            {
                if (_multiplexer is null || _clock.GetElapsedTime(mendingSince) > MendingTime)
                {
                    await ConnectAsync();
                    mendingSince = _clock.GetTimestamp();
                }

                if (await ProbeAsync())
                {
                    _available = true;
                    _firstProbe.TrySetResult();
                    await _tripped.WaitAsync(IdleInterval, _disposing.Token);
                    mendingSince = _clock.GetTimestamp();
                    continue;
                }

                _available = false;
                _firstProbe.TrySetResult();
                await Task.Delay(ProbeInterval, _clock, _disposing.Token);
            }
        }
        catch (Exception) when (_disposing.IsCancellationRequested)
        {
            _firstProbe.TrySetResult();
        }
    }

    private async Task ConnectAsync()
    {
        try
        {
            var fresh = await ConnectionMultiplexer.ConnectAsync(_options.Clone());
            var former = _multiplexer;
            _multiplexer = fresh;
            _subscriptions.Attach(fresh.GetSubscriber());
            Discard(former);
        }
        catch (Exception e) when (!_disposing.IsCancellationRequested)
        {
            // Whatever it was: this loop goes on for as long as the process.
            _lastError = e;
        }
    }

    private async Task<bool> ProbeAsync()
    {
        if (_multiplexer is not { } multiplexer) return false;
        try
        {
            await Bounded(multiplexer.GetDatabase().PingAsync(), _disposing.Token);
            return true;
        }
        catch (Exception e) when (!_disposing.IsCancellationRequested)
        {
            _lastError = e;
            return false;
        }
    }

    private static void Discard(ConnectionMultiplexer? multiplexer)
    {
        if (multiplexer is null) return;
        AbandonedTask.Observe(Task.Run(async () =>
        {
            await multiplexer.CloseAsync(allowCommandsToComplete: false);
            multiplexer.Dispose();
        }));
    }
}
