namespace Mka1.Edge.ModelServer.Hosting;

/// <summary>Loads the model before the server listens: a port that answers has a model behind it.</summary>
internal sealed class ModelLoading(IServiceProvider services, TimeProvider clock, ILogger<ModelLoading> logger) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        var served = services.GetRequiredService<ServedModel>();
        logger.ModelLoaded(served.Name, served.Model.ParameterCount, served.Model.MemoryBytes, served.ContextWindow, clock.GetElapsedTime(start));
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
