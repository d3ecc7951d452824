using Microsoft.Extensions.Options;
using Mka1.Edge.Inference.Engine;
using Mka1.Edge.Inference.Models;
using Mka1.Edge.Inference.Torch;

namespace Mka1.Edge.ModelServer.Hosting;

/// <summary>The engine over libtorch, in builds that have it.</summary>
internal static class TorchEngine
{
    /// <param name="model">Gives the tokenizer; its own weights stay on disk, as nothing here reads them.</param>
    /// <param name="settings">Of the server.</param>
    /// <param name="options">Of the engine.</param>
    /// <exception cref="OptionsValidationException">The device is not there, or does not compute in the type asked for.</exception>
    public static InferenceEngine Start(LanguageModel model, ModelServerOptions settings, InferenceEngineOptions options)
    {
        var runner = Load(settings);
        try
        {
            return new InferenceEngine(runner, model.Tokenizer, options);
        }
        catch
        {
            runner.Dispose();
            throw;
        }
    }

    private static TorchModelRunner Load(ModelServerOptions settings)
    {
        try
        {
            return TorchModelRunner.Load(settings.Model, new TorchRunnerOptions
            {
                Device = settings.Device ?? "cpu",
                DataType = settings.Dtype ?? "auto",
                CacheBytes = settings.CacheBytes,
                Sequences = settings.MaxConcurrentRequests,
                MaxStepTokens = settings.MaxConcurrentRequests + settings.StepTokens,
                Threads = settings.Threads,
                ContextWindow = settings.ContextWindow,
            });
        }
        catch (Exception e) when (e is InvalidOperationException || (e is ArgumentException and not ArgumentOutOfRangeException))
        {
            throw new OptionsValidationException(ModelServerOptions.Section, typeof(ModelServerOptions), [$"{ModelServerOptionsValidator.Key(nameof(settings.Device))}: {e.Message}"]);
        }
    }
}
