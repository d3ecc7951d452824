using Mka1.Edge.Gateway.Forwarding.Destinations;
using Mka1.Edge.Gateway.Telemetry;
using Mka1.Edge.Policies.Balancing;

namespace Mka1.Edge.Gateway.Forwarding;

/// <summary>
/// Picks the destination that a request goes to: among those that are well, by the pool's policy; when none is, one that may be
/// tried all the same, so that an outage does not outlive its cause.
/// </summary>
internal sealed class DestinationPicker(DestinationHealth health, PoolMetrics metrics, TimeProvider clock)
{
    private const int OnStack = 32;

    /// <summary>Picks a destination, leaving out those already tried.</summary>
    /// <returns>A place there, to be given back when the exchange is over; null when none may be tried.</returns>
    public DestinationLease? Pick(ModelPool pool, IReadOnlyCollection<PoolDestination> tried, AffinityKey? key)
    {
        var now = clock.Now();

        // A second try must not end at a server that has yet to show that it is well, while there are others.
        if (tried.Count > 0 && Pick(pool, tried, key, now, Readiness.Well) is { } sure) return sure;
        return Pick(pool, tried, key, now, Readiness.Due) ?? Pick(pool, tried, key, now, Readiness.InNeed);
    }

    /// <summary>Whether a request that came to nothing may be sent once more: as the pool's attempts, its servers and its budget allow.</summary>
    public bool MayRetry(ModelPool pool, IReadOnlyCollection<PoolDestination> tried)
    {
        if (tried.Count >= pool.Config.Retry.Attempts || tried.Count >= pool.Destinations.Count) return false;
        var allowed = pool.TryRetry();
        metrics.Retried(pool.Name, allowed);
        return allowed;
    }

    private DestinationLease? Pick(ModelPool pool, IReadOnlyCollection<PoolDestination> tried, AffinityKey? key, TimeSpan now, Readiness readiness)
    {
        var destinations = pool.Destinations;
        var candidates = destinations.Count <= OnStack ? stackalloc Candidate[destinations.Count] : new Candidate[destinations.Count];
        var places = destinations.Count <= OnStack ? stackalloc int[destinations.Count] : new int[destinations.Count];
        var byLoad = pool.Config.Balancing.Policy is BalancingPolicy.Affinity or BalancingPolicy.LoadAware;

        // Whoever takes the last trial before us leaves us to choose again.
        for (var again = 0; again <= destinations.Count; again++)
        {
            var count = 0;
            for (var i = 0; i < destinations.Count; i++)
            {
                var destination = destinations[i];
                if (!Suits(destination, now, readiness) || tried.Contains(destination)) continue;
                var outstanding = destination.State.Outstanding;
                var load = byLoad ? LoadReport.Estimate(destination.State.Load, outstanding, now) : outstanding;
                candidates[count] = new Candidate(destination.Id, destination.Weight, outstanding, load);
                places[count++] = i;
            }

            if (count == 0) return null;
            var balancing = pool.Config.Balancing;
            var turn = balancing.Policy == BalancingPolicy.RoundRobin ? pool.NextTurn : 0;
            var chosen = destinations[places[Balancer.Choose(
                balancing.Policy, candidates[..count], key, balancing.LoadFactor, balancing.FreeRequests, turn, Random.Shared.NextDouble())]];
            if (chosen.State.TryEnter(now, chosen.Circuit, readiness == Readiness.InNeed, out var isTrial)) return new DestinationLease(pool, chosen, isTrial, health);
        }

        return null;
    }

    private static bool Suits(PoolDestination destination, TimeSpan now, Readiness readiness) => readiness switch
    {
        Readiness.Well => destination.Admits(now) && destination.State.Circuit.Phase == CircuitPhase.Closed,
        Readiness.Due => destination.Admits(now),
        _ => destination.ReturnInNeed <= now,
    };

    private enum Readiness
    {
        /// <summary>Known to be well.</summary>
        Well,

        /// <summary>That, or due to be tried.</summary>
        Due,

        /// <summary>To be tried because there is no other.</summary>
        InNeed,
    }
}
