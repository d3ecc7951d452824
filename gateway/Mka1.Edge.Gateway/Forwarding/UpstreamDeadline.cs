namespace Mka1.Edge.Gateway.Forwarding;

/// <summary>
/// The time a model server has for its next sign of life. Its token is cancelled when that time is over, when the caller's own token
/// is, or when the attempt is moved to another destination while it waits for its first byte.
/// </summary>
internal sealed class UpstreamDeadline : IDisposable
{
    private const int Waiting = 0;
    private const int Begun = 1;
    private const int GivenUp = 2;

    private readonly CancellationTokenSource _timer;
    private readonly CancellationTokenSource _linked;
    private int _phase;

    public UpstreamDeadline(TimeSpan first, TimeProvider clock, CancellationToken caller)
    {
        _timer = new CancellationTokenSource(first, clock);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, caller);
    }

    public CancellationToken Token => _linked.Token;

    /// <summary>Whether the attempt was moved.</summary>
    public bool IsMoved => Volatile.Read(ref _phase) == GivenUp;

    /// <summary>Whether the time ran out, as opposed to the caller having left.</summary>
    public bool Expired => _timer.IsCancellationRequested && !IsMoved;

    /// <summary>The answer has begun: from here on the attempt is not moved.</summary>
    /// <exception cref="OperationCanceledException">It has been.</exception>
    public void Begin()
    {
        if (Interlocked.CompareExchange(ref _phase, Begun, Waiting) == GivenUp) throw new OperationCanceledException(_timer.Token);
    }

    /// <summary>Gives the attempt up while it waits; does nothing once its answer has begun.</summary>
    public void Move()
    {
        if (Interlocked.CompareExchange(ref _phase, GivenUp, Waiting) != Waiting) return;
        try
        {
            _timer.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended in the same moment.
        }
    }

    /// <summary>Grants <paramref name="wait"/> from now.</summary>
    public void Extend(TimeSpan wait) => _timer.CancelAfter(wait);

    public void Dispose()
    {
        _linked.Dispose();
        _timer.Dispose();
    }
}
