namespace Mka1.Edge.Gateway.Forwarding;

/// <summary>
/// The time a model server has for its next sign of life. Its token is cancelled when that time is over or when the caller's
/// own token is.
/// </summary>
internal sealed class UpstreamDeadline : IDisposable
{
    private readonly CancellationTokenSource _timer;
    private readonly CancellationTokenSource _linked;

    public UpstreamDeadline(TimeSpan first, TimeProvider clock, CancellationToken caller)
    {
        _timer = new CancellationTokenSource(first, clock);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, caller);
    }

    public CancellationToken Token => _linked.Token;

    /// <summary>Whether the time ran out, as opposed to the caller having left.</summary>
    public bool Expired => _timer.IsCancellationRequested;

    /// <summary>Grants <paramref name="wait"/> from now.</summary>
    public void Extend(TimeSpan wait) => _timer.CancelAfter(wait);

    public void Dispose()
    {
        _linked.Dispose();
        _timer.Dispose();
    }
}
