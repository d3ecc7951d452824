using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Telemetry;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Mka1.Edge.Gateway.Forwarding.Destinations;

/// <summary>
/// Takes in what YARP's probes find. A server that does not answer them gets nothing new, and what waits there for its first byte
/// goes to another one, if there is one.
/// </summary>
internal sealed class DestinationProbes(
    EdgeConfiguration configuration, DestinationHealth health, PoolMetrics metrics, TimeProvider clock, ILogger<DestinationProbes> logger) : IActiveHealthCheckPolicy
{
    public const string PolicyName = "EdgeProbes";

    public string Name => PolicyName;

    public void ProbingCompleted(ClusterState cluster, IReadOnlyList<DestinationProbingResult> probingResults)
    {
        if (!configuration.Current.Pools.TryGetValue(cluster.ClusterId, out var pool)) return;
        foreach (var result in probingResults)
        {
            var probed = result.Destination;
            var destination = pool.Destinations.FirstOrDefault(
                d => d.Name.Equals(probed.DestinationId, StringComparison.OrdinalIgnoreCase) && d.Address == probed.Model.Config.Address);
            if (destination is not null) Note(pool, destination, result);
        }

        foreach (var destination in pool.Destinations)
        {
            if (destination.State.IsProbedWell == false) Move(pool, destination);
        }
    }

    private void Note(ModelPool pool, PoolDestination destination, DestinationProbingResult result)
    {
        var settings = pool.Config.Health.Active;
        var well = result.Response is { } response && (int)response.StatusCode is >= 200 and < 300 or >= 400 and < 500;
        if (result.Response is not null) health.Hear(destination, result.Response);
        var reason = result.Response is null ? result.Exception?.GetType().Name ?? "no answer" : $"status {(int)result.Response.StatusCode}";
        switch (destination.State.Probed(well, settings.UnhealthyAfter, settings.HealthyAfter, well ? null : new ServerFault("probe", clock.GetUtcNow())))
        {
            case false:
                logger.ProbesFail(pool.Name, destination.Name, reason);
                break;
            case true:
                logger.ProbesSucceed(pool.Name, destination.Name);
                break;
        }
    }

    private void Move(ModelPool pool, PoolDestination destination)
    {
        // Where there is no other, those that wait may still be served when it goes on.
        if (!pool.IsAvailable || destination.State.MoveWaiting() is not (> 0 and var requests)) return;
        metrics.Moved(pool.Name, destination.Name, requests);
        logger.RequestsMoved(pool.Name, destination.Name, requests);
    }
}
