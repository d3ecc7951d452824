namespace Mka1.Edge.Gateway.Configuration;

/// <summary>
/// The configuration in use: one immutable snapshot at a time, put in place whole. A request takes the one that is current when it
/// comes and keeps it to its end.
/// </summary>
internal sealed class EdgeConfiguration(EdgeSnapshot first)
{
    private volatile EdgeSnapshot _current = first;

    /// <summary>The snapshot for what begins now.</summary>
    public EdgeSnapshot Current => _current;

    /// <summary>Raised after another snapshot has come into use, by whoever put it there.</summary>
    public event Action<EdgeSnapshot>? Changed;

    /// <summary>Puts another snapshot into use. Its pools have been made ready before: <see cref="Forwarding.PoolDirectory"/>.</summary>
    public void Publish(EdgeSnapshot next)
    {
        _current = next;
        Changed?.Invoke(next);
    }
}
