namespace Mka1.Edge.Gateway;

/// <summary>
/// Holds the listener open for a while after the signal to stop. <c>/readyz</c> says 503 from the signal on; without the delay
/// Kestrel would refuse connections in the same instant, before any load balancer can have asked.
/// </summary>
internal sealed class ShutdownDelay(TimeSpan delay, TimeProvider clock) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) =>
        delay > TimeSpan.Zero ? Task.Delay(delay, clock, cancellationToken) : Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
