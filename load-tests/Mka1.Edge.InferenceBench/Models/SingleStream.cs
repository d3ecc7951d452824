using Mka1.Edge.Inference.Constraints;
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
    public Task<double> RunAsync(int tokens) => RunAsync(tokens, NeverEnding.Instance, SamplingOptions.Greedy);

    /// <summary>The same at temperature 1, held to a constraint.</summary>
    public Task<double> RunAsync(int tokens, ITokenConstraint constraint, ulong seed) => RunAsync(tokens, constraint, new SamplingOptions { Seed = seed });

    private async Task<double> RunAsync(int tokens, ITokenConstraint constraint, SamplingOptions sampling)
    {
        var time = TimeProvider.System;
        long start = 0;
        var count = 0;
        await foreach (var token in _engine.GenerateAsync(new GenerationRequest
        {
            PromptIds = Prompt,
            MaxOutputTokens = tokens,
            Sampling = sampling,
            Constraint = constraint,
        }))
        {
            if (count++ == 0)
                start = time.GetTimestamp();
        }
        return (count - 1) / time.GetElapsedTime(start).TotalSeconds;
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();
}
