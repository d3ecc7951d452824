using StackExchange.Redis;

namespace Mka1.Edge.Stores.Redis;

/// <summary>
/// Notices that Redis has fallen silent: calls are outstanding and no reply to any has come for a while. Then all of them are
/// released at once. One slow call among answered ones is no silence.
/// </summary>
/// <remarks>
/// Time is counted in ticks that came on time, one after the other. A process that gets no CPU for a while has late ticks, each of
/// which begins the count anew, and so does not take its own slowness for Redis's. It ticks only while calls are outstanding.
/// </remarks>
internal sealed class RedisSilence : IDisposable
{
    private static readonly TimeSpan LongestTick = TimeSpan.FromMilliseconds(10);

    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly TimeSpan _tick;
    private readonly int _limit;
    private readonly ITimer _timer;
    private Calls _calls = new();
    private long _lastTick;
    private int _silent;
    private bool _ticking;
    private bool _heard;

    public RedisSilence(TimeSpan silence, TimeProvider clock)
    {
        _clock = clock;
        _tick = silence < LongestTick ? silence : LongestTick;
        _limit = (int)Math.Ceiling(silence / _tick);
        _timer = clock.CreateTimer(_ => Tick(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Watches over a call. The token is cancelled when Redis has fallen silent.</summary>
    public CancellationToken Watch(Task call)
    {
        Calls calls;
        lock (_gate)
        {
            calls = _calls;

            // The first of several calls to wait begins the silence: the tick under way came too late for that.
            if (calls.Outstanding++ == 0) _heard = true;
            if (!_ticking)
            {
                _ticking = true;
                _lastTick = _clock.GetTimestamp();
                _timer.Change(_tick, _tick);
            }
        }

        _ = call.ContinueWith(
            ended => End(calls, ended.IsCompletedSuccessfully || ended.Exception?.InnerException is RedisServerException),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return calls.Released.Token;
    }

    public void Dispose() => _timer.Dispose();

    private void End(Calls calls, bool heard)
    {
        lock (_gate)
        {
            calls.Outstanding--;
            if (heard && calls == _calls) _heard = true;
        }
    }

    private void Tick()
    {
        Calls silenced;
        lock (_gate)
        {
            if (!_ticking) return;
            var onTime = _clock.GetElapsedTime(_lastTick) <= 2 * _tick;
            _lastTick = _clock.GetTimestamp();
            if (_heard || _calls.Outstanding == 0) _silent = 0;
            else _silent = onTime ? _silent + 1 : 0;
            _heard = false;
            if (_calls.Outstanding > 0 && _silent < _limit) return;
            _ticking = false;
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            if (_calls.Outstanding == 0) return;
            (silenced, _calls, _silent) = (_calls, new Calls(), 0);
        }

        silenced.Released.Cancel();
    }

    /// <summary>Calls that are released together.</summary>
    private sealed class Calls
    {
        public CancellationTokenSource Released { get; } = new();

        public int Outstanding { get; set; }
    }
}
