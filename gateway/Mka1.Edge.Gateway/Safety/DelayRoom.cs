namespace Mka1.Edge.Gateway.Safety;

/// <summary>Room for requests that are held back: each holds memory and a connection, so there are only so many.</summary>
/// <param name="places">Requests that may be held back at the same time.</param>
/// <param name="clock">The clock.</param>
internal sealed class DelayRoom(int places, TimeProvider clock)
{
    private int _taken;

    /// <summary>Requests held back now.</summary>
    public int Taken => Volatile.Read(ref _taken);

    /// <summary>Holds a request back.</summary>
    /// <returns>False, at once, when there is no room.</returns>
    public async ValueTask<bool> TryWaitAsync(TimeSpan delay, CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _taken) > places)
        {
            Interlocked.Decrement(ref _taken);
            return false;
        }

        try
        {
            await Task.Delay(delay, clock, cancellation);
            return true;
        }
        finally
        {
            Interlocked.Decrement(ref _taken);
        }
    }
}
