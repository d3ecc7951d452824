using Microsoft.Extensions.Options;
using Mka1.Edge.Inference.Engine;
using Mka1.Edge.Inference.Models;

namespace Mka1.Edge.ModelServer.Hosting;

/// <summary>The one model of this process: its name, its weights in memory and the engine that runs them.</summary>
internal sealed class ServedModel : IAsyncDisposable
{
    public ServedModel(IOptions<ModelServerOptions> options)
    {
        var settings = options.Value;
        Name = settings.ServedName;
        Model = LanguageModel.Load(settings.Model, new() { ContextWindow = settings.ContextWindow });
        Engine = Start(Model, settings);
        CreatedAt = new DateTimeOffset(Directory.GetLastWriteTimeUtc(settings.Model)).ToUnixTimeSeconds();
    }

    /// <summary>What requests call it.</summary>
    public string Name { get; }

    public LanguageModel Model { get; }

    public InferenceEngine Engine { get; }

    /// <summary>When its directory was last written, in Unix seconds.</summary>
    public long CreatedAt { get; }

    public int ContextWindow => Model.Config.ContextWindow;

    public ValueTask DisposeAsync() => Engine.DisposeAsync();

    private static InferenceEngine Start(LanguageModel model, ModelServerOptions settings)
    {
        try
        {
            var options = new InferenceEngineOptions
            {
                MaxConcurrentRequests = settings.MaxConcurrentRequests,
                MaxQueuedRequests = settings.MaxQueuedRequests,
                StepTokens = settings.StepTokens,
                CacheBytes = settings.CacheBytes,
                Threads = settings.Threads,
            };
#if TORCH
            if (settings.Engine == ModelServerOptions.TorchEngine)
                return TorchEngine.Start(model, settings, options);
#endif
            return new InferenceEngine(model, options);
        }
        catch (ArgumentException e) when (settings.CacheBytes is not null)
        {
            // Whether the cache is large enough only the model knows.
            throw new OptionsValidationException(ModelServerOptions.Section, typeof(ModelServerOptions), [$"{ModelServerOptionsValidator.Key(nameof(settings.CacheBytes))}: {e.Message}"]);
        }
    }
}
