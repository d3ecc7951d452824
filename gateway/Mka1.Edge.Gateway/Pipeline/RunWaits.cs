namespace Mka1.Edge.Gateway.Pipeline;

/// <summary>
/// How long a request has waited for others: for its model server, for its client (to send or to read), and where Safety holds it back.
/// What is left of its duration is the gateway's own.
/// </summary>
internal sealed class RunWaits
{
    private long _ticks;

    public RunWaits()
    {
    }

    private RunWaits(long ticks) => _ticks = ticks;

    /// <summary>All waits so far.</summary>
    public TimeSpan Total => new(Interlocked.Read(ref _ticks));

    /// <summary>Counts a wait in.</summary>
    public void Add(TimeSpan wait) => Interlocked.Add(ref _ticks, wait.Ticks);

    /// <summary>The same waits, for a run that goes on without the request: what its client waits for from then on is another matter.</summary>
    public RunWaits Apart() => new(Interlocked.Read(ref _ticks));
}
