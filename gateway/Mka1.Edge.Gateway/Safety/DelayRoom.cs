using Mka1.Edge.Gateway.Configuration;

namespace Mka1.Edge.Gateway.Safety;

/// <summary>Room for requests that are held back: each holds memory and a connection, so there are only so many.</summary>
/// <param name="configuration">Says how many may be held back at the same time.</param>
/// <param name="clock">The clock.</param>
internal sealed class DelayRoom(EdgeConfiguration configuration, TimeProvider clock)
{
    private int _taken;

    /// <summary>Requests held back now.</summary>
    public int Taken => Volatile.Read(ref _taken);

    /// <summary>Holds a request back.</summary>
    /// <returns>False, at once, when there is no room.</returns>
    public async ValueTask<bool> TryWaitAsync(TimeSpan delay, CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _taken) > configuration.Current.Config.Safety.MaxDelayed)
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
