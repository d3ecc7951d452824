using System.Collections.Concurrent;
using Yarp.ReverseProxy.Model;

namespace Mka1.Edge.Gateway.Forwarding;

/// <summary>Picks the destination with the fewest of our own requests outstanding; among equals, a random one.</summary>
internal sealed class DestinationPicker
{
    private readonly ConcurrentDictionary<(string Pool, string Destination), Load> _loads = new();

    /// <summary>Picks among the available destinations of <paramref name="cluster"/>, leaving out those already tried.</summary>
    /// <returns>A lease to dispose when the exchange is over; null when none is left.</returns>
    public Lease? Pick(ClusterState cluster, IReadOnlySet<string> tried)
    {
        DestinationState? best = null;
        Load? bestLoad = null;
        var ties = 0;
        foreach (var destination in cluster.DestinationsState.AvailableDestinations)
        {
            if (tried.Contains(destination.DestinationId)) continue;
            var load = _loads.GetOrAdd((cluster.ClusterId, destination.DestinationId), static _ => new Load());
            var order = bestLoad is null ? -1 : load.Outstanding.CompareTo(bestLoad.Outstanding);
            if (order > 0) continue;
            ties = order < 0 ? 1 : ties + 1;
            if (order == 0 && Random.Shared.Next(ties) != 0) continue;
            (best, bestLoad) = (destination, load);
        }

        return best is null ? null : new Lease(best, bestLoad!);
    }

    /// <summary>One request outstanding at a destination.</summary>
    internal sealed class Lease : IDisposable
    {
        private readonly Load _load;

        public Lease(DestinationState destination, Load load)
        {
            Destination = destination;
            _load = load;
            Interlocked.Increment(ref load.Outstanding);
        }

        public DestinationState Destination { get; }

        public void Dispose() => Interlocked.Decrement(ref _load.Outstanding);
    }

    internal sealed class Load
    {
        public int Outstanding;
    }
}
