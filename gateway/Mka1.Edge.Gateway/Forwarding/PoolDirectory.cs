using Mka1.Edge.Gateway.Configuration;
using Yarp.ReverseProxy.Configuration;

namespace Mka1.Edge.Gateway.Forwarding;

/// <summary>Hands the pools of a configuration to YARP and waits until it has taken them up.</summary>
internal sealed class PoolDirectory(InMemoryConfigProvider provider) : IConfigChangeListener
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
    }

    public void ConfigurationLoaded(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
    }

    public void ConfigurationApplied(IReadOnlyList<IProxyConfig> proxyConfigs) => Settle(proxyConfigs, null);

    public void ConfigurationLoadingFailed(IProxyConfigProvider configProvider, Exception exception) => Settle(null, exception);

    public void ConfigurationApplyingFailed(IReadOnlyList<IProxyConfig> proxyConfigs, Exception exception) => Settle(proxyConfigs, exception);

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
