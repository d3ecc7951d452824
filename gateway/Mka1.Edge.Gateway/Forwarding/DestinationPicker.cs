using Mka1.Edge.Gateway.Forwarding.Destinations;

namespace Mka1.Edge.Gateway.Forwarding;

/// <summary>Picks the destination with the fewest of our own requests outstanding; among equals, a random one.</summary>
internal sealed class DestinationPicker
{
    private readonly Random _random = Random.Shared;

    /// <summary>Picks among the available destinations of a pool, leaving out those already tried.</summary>
    /// <returns>A lease to dispose when the exchange is over; null when none is left.</returns>
    public DestinationLease? Pick(ModelPool pool, IReadOnlyCollection<PoolDestination> tried)
    {
        PoolDestination? best = null;
        var fewest = 0;
        var ties = 0;
        foreach (var destination in pool.Destinations)
        {
            if (!destination.State.IsAvailable || tried.Contains(destination)) continue;
            var outstanding = destination.State.Outstanding;
            var order = best is null ? -1 : outstanding.CompareTo(fewest);
            if (order > 0) continue;
            ties = order < 0 ? 1 : ties + 1;
            if (order == 0 && _random.Next(ties) != 0) continue;
            (best, fewest) = (destination, outstanding);
        }

        return best is null ? null : new DestinationLease(best);
    }
}
