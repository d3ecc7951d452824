using Mka1.Edge.Inference.Engine;
using Mka1.Edge.Inference.Models;
using Mka1.Edge.Inference.Sampling;

namespace Mka1.Edge.InferenceBench.Models;

/// <summary>One request after the other on an engine of its own.</summary>
internal sealed class SingleStream : IAsyncDisposable
{
    private static readonly int[] Prompt = [5];

    private readonly InferenceEngine _engine;

    public SingleStream(string directory, int threads)
    {
        Model = LanguageModel.Load(directory);
        _engine = new InferenceEngine(Model, new InferenceEngineOptions { Threads = threads, MaxConcurrentRequests = 1 });
    }

    public LanguageModel Model { get; }

    /// <summary>Decodes greedily from a prompt of one token.</summary>
    /// <returns>Tokens a second, the first one not counted.</returns>
    public async Task<double> RunAsync(int tokens)
    {
        var time = TimeProvider.System;
        long start = 0;
        var count = 0;
        await foreach (var token in _engine.GenerateAsync(new GenerationRequest
        {
            PromptIds = Prompt,
            MaxOutputTokens = tokens,
            Sampling = SamplingOptions.Greedy,
            Constraint = NeverEnding.Instance,
        }))
        {
            if (count++ == 0)
                start = time.GetTimestamp();
        }
        return (count - 1) / time.GetElapsedTime(start).TotalSeconds;
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();
}
