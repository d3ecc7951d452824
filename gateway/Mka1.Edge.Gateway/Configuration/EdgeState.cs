namespace Mka1.Edge.Gateway.Configuration;

/// <summary>The one mutable holder of the configuration: which snapshot is current.</summary>
internal sealed class EdgeState(EdgeSnapshot initial)
{
    private volatile EdgeSnapshot _current = initial;

    /// <summary>The snapshot that new requests begin with.</summary>
    public EdgeSnapshot Current => _current;

    /// <summary>Makes <paramref name="snapshot"/> current. Requests under way keep theirs.</summary>
    public void Swap(EdgeSnapshot snapshot) => _current = snapshot;
}
