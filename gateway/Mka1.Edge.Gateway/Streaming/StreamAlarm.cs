namespace Mka1.Edge.Gateway.Streaming;

/// <summary>
/// Wakes whoever waits for a stream's next event once its client has heard nothing for too long, or has left: one timer for the
/// stream, where a time limit on each wait would be one for every event.
/// </summary>
internal sealed class StreamAlarm : IDisposable
{
    private readonly ITimer _timer;
    private readonly CancellationTokenRegistration _left;
    private volatile TaskCompletionSource _rung = NewSignal();

    /// <param name="wait">When it rings first.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="left">Rings it too.</param>
    public StreamAlarm(TimeSpan wait, TimeProvider clock, CancellationToken left = default)
    {
        _timer = clock.CreateTimer(static alarm => ((StreamAlarm)alarm!).Ring(), this, NotNegative(wait), Timeout.InfiniteTimeSpan);
        _left = left.UnsafeRegister(static alarm => ((StreamAlarm)alarm!).Ring(), this);
    }

    /// <summary>Waits for a signal, or for the alarm.</summary>
    /// <returns>Whether the signal has come.</returns>
    public async ValueTask<bool> WaitAsync(Task signal)
    {
        if (!signal.IsCompleted) await Task.WhenAny(signal, _rung.Task);
        return signal.IsCompleted;
    }

    /// <summary>Sets it anew. A client that left before is not heard of again: who waits asks for that after this.</summary>
    public void Set(TimeSpan wait)
    {
        _rung = NewSignal();
        _timer.Change(NotNegative(wait), Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        _left.Dispose();
        _timer.Dispose();
    }

    private void Ring() => _rung.TrySetResult();

    private static TimeSpan NotNegative(TimeSpan wait) => wait > TimeSpan.Zero ? wait : TimeSpan.Zero;

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
