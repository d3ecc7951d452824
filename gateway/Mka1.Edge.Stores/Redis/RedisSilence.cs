using StackExchange.Redis;

namespace Mka1.Edge.Stores.Redis;

/// <summary>
/// Notices that Redis has fallen silent: calls are outstanding and no reply to any has come for a while. Soon it is suspected to be
/// away, until the next reply; when the silence goes on it is certain, and all calls are released at once. One slow call among
/// answered ones is no silence.
/// </summary>
/// <remarks>
/// A tick that comes late counts for no more than a part of the time that has passed: a process that gets no CPU for a while does
/// not take its own slowness for Redis's. It ticks only while calls are outstanding.
/// </remarks>
internal sealed class RedisSilence : IDisposable
{
    /// <summary>So many ticks must come one after the other.</summary>
    private const int StepsToSuspicion = 4;
    private const int StepsToCertainty = 10;

    private static readonly TimeSpan LongestTick = TimeSpan.FromMilliseconds(10);

    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly TimeSpan _suspicious;
    private readonly TimeSpan _certain;
    private readonly TimeSpan _tick;
    private readonly ITimer _timer;
    private Calls _calls = new();
    private CancellationTokenSource _suspicion = new();
    private TimeSpan _towardsSuspicion;
    private TimeSpan _towardsCertainty;
    private long _lastTick;
    private bool _ticking;
    private bool _heard;

    /// <param name="suspicious">After how much silence Redis is suspected.</param>
    /// <param name="certain">After how much it counts as away.</param>
    /// <param name="clock">The clock.</param>
    public RedisSilence(TimeSpan suspicious, TimeSpan certain, TimeProvider clock)
    {
        _clock = clock;
        _suspicious = suspicious;
        _certain = certain;
        var tick = suspicious / StepsToSuspicion;
        _tick = tick < LongestTick ? tick : LongestTick;
        _timer = clock.CreateTimer(_ => Tick(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Is cancelled when Redis becomes suspect. After the next reply there is a new one.</summary>
    public CancellationToken Suspicion
    {
        get
        {
            lock (_gate) return _suspicion.Token;
        }
    }

    /// <summary>How long a call that is made now is waited for at least if nothing at all is heard.</summary>
    public TimeSpan Remaining
    {
        get
        {
            lock (_gate)
            {
                if (!_ticking || _heard) return _certain;
                return _certain - AtMost(_certain, _towardsCertainty + AtMost(_certain / StepsToCertainty, _clock.GetElapsedTime(_lastTick)));
            }
        }
    }

    /// <summary>Watches over a call. The token is cancelled when it is certain that Redis is away.</summary>
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

    private static TimeSpan AtMost(TimeSpan most, TimeSpan elapsed) => elapsed < most ? elapsed : most;

    private void End(Calls calls, bool heard)
    {
        lock (_gate)
        {
            calls.Outstanding--;
            if (!heard) return;
            if (calls == _calls) _heard = true;
            if (_suspicion.IsCancellationRequested) _suspicion = new CancellationTokenSource();
        }
    }

    private void Tick()
    {
        CancellationTokenSource? suspicion = null;
        Calls? silenced = null;
        lock (_gate)
        {
            if (!_ticking) return;
            var elapsed = _clock.GetElapsedTime(_lastTick);
            _lastTick = _clock.GetTimestamp();
            if (_heard || _calls.Outstanding == 0) _towardsSuspicion = _towardsCertainty = TimeSpan.Zero;
            else
            {
                _towardsSuspicion += AtMost(_suspicious / StepsToSuspicion, elapsed);
                _towardsCertainty += AtMost(_certain / StepsToCertainty, elapsed);
            }

            _heard = false;
            if (_towardsSuspicion >= _suspicious) suspicion = _suspicion;
            if (_towardsCertainty >= _certain) (silenced, _calls) = (_calls, new Calls());
            if (_calls.Outstanding == 0)
            {
                _ticking = false;
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }

        suspicion?.Cancel();
        silenced?.Released.Cancel();
    }

    /// <summary>Calls that are released together.</summary>
    private sealed class Calls
    {
        public CancellationTokenSource Released { get; } = new();

        public int Outstanding { get; set; }
    }
}
