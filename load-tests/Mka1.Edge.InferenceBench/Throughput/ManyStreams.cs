using Mka1.Edge.Inference.Engine;
using Mka1.Edge.Inference.Models;
using Mka1.Edge.Inference.Sampling;
using Mka1.Edge.InferenceBench.Models;

namespace Mka1.Edge.InferenceBench.Throughput;

/// <summary>Several requests at once on one engine; no two prompts begin alike, so that nothing is found computed.</summary>
internal sealed class ManyStreams : IAsyncDisposable
{
    private readonly LanguageModel _model;
    private readonly InferenceEngine _engine;
    private readonly Load _load;
    private readonly Random _random = new(1);

    public ManyStreams(string directory, Load load)
    {
        _load = load;
        _model = LanguageModel.Load(directory);
        _engine = new InferenceEngine(_model, new InferenceEngineOptions
        {
            Threads = load.Threads, MaxConcurrentRequests = load.Streams, CacheBytes = CacheFor(_model.Config, load),
        });
    }

    /// <summary>Bytes of the weights.</summary>
    public long WeightBytes => _model.MemoryBytes;

    /// <summary>Bytes of all pages of the key-value cache.</summary>
    public long CacheBytes => _engine.Load.PagesTotal * _engine.Load.PageBytes;

    /// <summary>Output tokens a second of so many streams together, from the first token of the last to start until the end.</summary>
    public async Task<double> StreamsAsync(int count)
    {
        var started = new CountdownEvent(count);
        var runs = Enumerable.Range(0, count).Select(_ => DecodeAsync(Prompt(8), _load.Tokens, started)).ToArray();
        await Task.Run(started.Wait);
        var (start, before) = (TimeProvider.System.GetTimestamp(), _engine.Load.TokensDecoded);
        await Task.WhenAll(runs);
        return (_engine.Load.TokensDecoded - before) / TimeProvider.System.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Prompt tokens a second, up to the first token of the output.</summary>
    public async Task<double> PromptAsync()
    {
        var prompt = Prompt(_load.PromptTokens);
        var start = TimeProvider.System.GetTimestamp();
        await DecodeAsync(prompt, 1, new CountdownEvent(1));
        return prompt.Length / TimeProvider.System.GetElapsedTime(start).TotalSeconds;
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    // Room for the streams and the prompt: what a page costs is measured, not what a generous default would leave unused.
    private static long CacheFor(ModelConfig config, Load load)
    {
        var tokens = Math.Max(config.ContextWindow, load.Streams * (load.Tokens + 32));
        return 2L * sizeof(float) * config.Layers * config.KeyValueHeads * config.HeadSize * (tokens + 16);
    }

    private async Task DecodeAsync(int[] prompt, int tokens, CountdownEvent started)
    {
        var first = true;
        await foreach (var _ in _engine.GenerateAsync(new GenerationRequest
        {
            PromptIds = prompt,
            MaxOutputTokens = tokens,
            Sampling = SamplingOptions.Greedy,
            Constraint = NeverEnding.Instance,
        }))
        {
            if (first)
                started.Signal();
            first = false;
        }
    }

    private int[] Prompt(int length) => [.. Enumerable.Range(0, length).Select(_ => _random.Next(_model.Tokenizer.VocabularySize))];
}
