namespace Mka1.Edge.Local;

/// <summary>The lifetime of a host that listens to no signal: the gateway decides when this process ends.</summary>
internal sealed class SilentLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
