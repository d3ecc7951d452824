using Microsoft.Extensions.Options;
using Mka1.Edge.Inference.Constraints;

namespace Mka1.Edge.ModelServer.Hosting;

/// <summary>
/// Loads the model before the server listens: a port that answers has a model behind it. And keeps the port open while answers
/// drain, so that whoever asks is told so and new requests are refused in words.
/// </summary>
internal sealed class ModelLifetime(
    IServiceProvider services, StopSignal stop, IOptions<ModelServerOptions> options, TimeProvider clock, ILogger<ModelLifetime> logger) : IHostedLifecycleService
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    // Long enough that what is compiled in the background, better, is in use at the end.
    private const int WarmupTokens = 48;

    private ServedModel? _served;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        var served = services.GetRequiredService<ServedModel>();
        logger.ModelLoaded(served.Name, served.Model.ParameterCount, served.Model.MemoryBytes, served.ContextWindow, clock.GetElapsedTime(start));
        _served = served;
        if (options.Value.Warmup)
            await WarmUpAsync(served, cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        stop.Begin();
        while (!stop.Drained.IsCancellationRequested && _served?.Engine.Load is { } load && load.Active + load.Queued > 0)
            await Task.Delay(BetweenLooks, clock, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Free text, and then JSON: the first schema has the vocabulary looked through.</summary>
    private async Task WarmUpAsync(ServedModel served, CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        var count = 0;
        foreach (var constraint in new[] { null, new JsonConstraint(served.Model.ChatTemplate.Tokens, JsonGrammar.AnyObject) })
        {
            await using var tokens = served.Engine.GenerateAsync(new()
            {
                PromptIds = new int[Math.Clamp(served.ContextWindow / 4, 1, WarmupTokens)],
                MaxOutputTokens = WarmupTokens,
                CacheKey = nameof(WarmUpAsync),
                Constraint = constraint,
            }, cancellationToken);
            await foreach (var _ in tokens.WithCancellation(cancellationToken))
                count++;
        }
        logger.WarmedUp(count, clock.GetElapsedTime(start));
    }
}
