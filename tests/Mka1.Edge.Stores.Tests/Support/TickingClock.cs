namespace Mka1.Edge.Stores.Tests.Support;

/// <summary>A clock with one timer, which the test lets go off, on time or late.</summary>
internal sealed class TickingClock : TimeProvider, IDisposable
{
    private Timer? _only;
    private long _now;

    /// <summary>Whether the timer runs.</summary>
    public bool IsTicking => _only is { IsRunning: true };

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => _only = new Timer(() => callback(state));

    public void Tick(TimeSpan elapsed)
    {
        _now += elapsed.Ticks;
        if (IsTicking) _only!.Callback();
    }

    public void Dispose() => _only?.Dispose();

    private sealed class Timer(Action callback) : ITimer
    {
        public Action Callback { get; } = callback;

        public bool IsRunning { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period) => IsRunning = dueTime != Timeout.InfiniteTimeSpan;

        public void Dispose() => IsRunning = false;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
