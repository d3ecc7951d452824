using Mka1.Edge.Gateway.Forwarding.Destinations;

namespace Mka1.Edge.Gateway.Admin;

/// <summary>How a pool is.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Available">Whether a request has a server to go to.</param>
/// <param name="Requests">Requests of the last ten seconds at this replica.</param>
/// <param name="Retries">Of these, those sent a second time.</param>
/// <param name="Destinations">Its servers.</param>
internal sealed record PoolView(string Name, bool Available, long Requests, long Retries, IReadOnlyList<DestinationView> Destinations)
{
    public static PoolView Of(ModelPool pool, TimeProvider clock)
    {
        var (requests, retries) = pool.Sent();
        return new PoolView(pool.Name, pool.IsAvailable, requests, retries, [.. pool.Destinations.Select(d => DestinationView.Of(d, clock))]);
    }
}
