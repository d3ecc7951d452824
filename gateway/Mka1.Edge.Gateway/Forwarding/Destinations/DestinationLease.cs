namespace Mka1.Edge.Gateway.Forwarding.Destinations;

/// <summary>One request outstanding at a destination; to be disposed when the exchange is over.</summary>
internal sealed class DestinationLease : IDisposable
{
    public DestinationLease(PoolDestination destination)
    {
        Destination = destination;
        destination.State.Enter();
    }

    public PoolDestination Destination { get; }

    public void Dispose() => Destination.State.Leave();
}
