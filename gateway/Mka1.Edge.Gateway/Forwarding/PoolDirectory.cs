using System.Collections.Frozen;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Forwarding.Destinations;
using Mka1.Edge.Policies.Balancing;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Configuration;

namespace Mka1.Edge.Gateway.Forwarding;

/// <summary>Hands the pools of a configuration to YARP, waits until it has taken them up, and puts them into the snapshot.</summary>
internal sealed class PoolDirectory(InMemoryConfigProvider provider, IServiceProvider services, DestinationRegistry registry, TimeProvider clock) : IConfigChangeListener
{
    private readonly Lock _gate = new();
    private (string Revision, TaskCompletionSource Done)? _waiting;

    /// <summary>Makes the pools of a snapshot ready to be sent to. One call at a time.</summary>
    /// <exception cref="EdgeConfigException">YARP refused them; those in use stay.</exception>
    public async Task ApplyAsync(EdgeSnapshot snapshot, CancellationToken cancellation)
    {
        var revision = Guid.NewGuid().ToString("N");
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate) _waiting = (revision, done);
        provider.Update([], PoolClusters.From(snapshot.Config), revision);
        await done.Task.WaitAsync(cancellation);
        Attach(snapshot);
    }

    /// <summary>Puts the pools that YARP has into the snapshot they come from.</summary>
    public void Attach(EdgeSnapshot snapshot)
    {
        // Not a constructor's parameter: YARP's state wants its listeners first, of which this is one.
        var clusters = services.GetRequiredService<IProxyStateLookup>();
        snapshot.Pools = snapshot.Config.Pools.ToFrozenDictionary(pool => pool.Key, pool => Compile(clusters, pool.Key, pool.Value));
        registry.Keep([.. snapshot.Pools.Values]);
    }

    public void ConfigurationLoaded(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
    }

    public void ConfigurationApplied(IReadOnlyList<IProxyConfig> proxyConfigs) => Settle(proxyConfigs, null);

    public void ConfigurationLoadingFailed(IProxyConfigProvider configProvider, Exception exception) => Settle(null, exception);

    public void ConfigurationApplyingFailed(IReadOnlyList<IProxyConfig> proxyConfigs, Exception exception) => Settle(proxyConfigs, exception);

    private ModelPool Compile(IProxyStateLookup clusters, string name, PoolConfig pool)
    {
        if (!clusters.TryGetCluster(name, out var cluster)) throw new EdgeConfigException([$"pools.{name}: not taken up."]);

        // The model of now: the cluster itself goes on to that of the next configuration.
        var circuit = CircuitOf(pool.Health.Passive);
        var destinations = pool.Destinations.Select(d => new PoolDestination(d.Key, d.Value, circuit, registry.Of(name, d.Key, d.Value.Address))).ToArray();
        if (!pool.Health.Active.Enabled)
        {
            foreach (var destination in destinations) destination.State.ForgetProbes();
        }

        return new ModelPool(name, pool, cluster.Model, destinations, registry.RetriesOf(name), clock);
    }

    private static CircuitSettings? CircuitOf(PassiveHealthConfig passive) => passive.Enabled
        ? new CircuitSettings(
            passive.Failures,
            passive.FailureRate,
            passive.MinimumRequests,
            TimeSpan.FromSeconds(passive.WindowSeconds),
            TimeSpan.FromSeconds(passive.FirstRestSeconds),
            TimeSpan.FromSeconds(passive.LongestRestSeconds))
        : null;

    private void Settle(IReadOnlyList<IProxyConfig>? configs, Exception? fault)
    {
        lock (_gate)
        {
            if (_waiting is not { } waiting || (configs is not null && !configs.Any(config => config.RevisionId == waiting.Revision))) return;
            _waiting = null;
            if (fault is null) waiting.Done.TrySetResult();
            else waiting.Done.TrySetException(new EdgeConfigException([$"pools: {fault.Message}"]));
        }
    }
}
