using Mka1.Edge.Inference.Kernels;
using Mka1.Edge.Inference.Models;
using Mka1.Edge.Inference.Sampling;
using Mka1.Edge.Inference.Tokenization;

namespace Mka1.Edge.Inference.Engine;

/// <summary>Runs many generations on one model at once.</summary>
/// <remarks>
/// All active generations take each step together, so that weights are read once for all of them. Decoding allocates nothing
/// but the tokens handed out. A generation gives the same tokens whether it runs alone or beside others.
/// </remarks>
public sealed class InferenceEngine : IAsyncDisposable
{
    private readonly IModelRunner _runner;
    private readonly Tokenizer _tokenizer;
    private readonly ComputeTeam _team;
    private readonly Scheduler _scheduler;
    private int _disposed;

    /// <summary>Runs a model on the processor.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public InferenceEngine(LanguageModel model, InferenceEngineOptions? options = null)
        : this(team => Managed(model, team, options ?? new()), model.Tokenizer, options ?? new())
    {
    }

    /// <summary>Runs whatever the runner runs, and disposes it in the end.</summary>
    /// <param name="runner">Takes at least one token more a step than there may be requests at the same time.</param>
    /// <param name="tokenizer">The model's.</param>
    /// <param name="options">How much to take on; <see cref="InferenceEngineOptions.CacheBytes"/> is the runner's business here.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="ArgumentException">The runner takes too few tokens a step, or has too few pages for one context window.</exception>
    public InferenceEngine(IModelRunner runner, Tokenizer tokenizer, InferenceEngineOptions? options = null)
        : this(_ => runner, tokenizer, options ?? new())
    {
    }

    private InferenceEngine(Func<ComputeTeam, IModelRunner> runner, Tokenizer tokenizer, InferenceEngineOptions options)
    {
        CheckRange(options.MaxConcurrentRequests, 1, 256, nameof(options.MaxConcurrentRequests));
        CheckRange(options.MaxQueuedRequests, 0, 10_000, nameof(options.MaxQueuedRequests));
        CheckRange(options.StepTokens, 16, 8192, nameof(options.StepTokens));
        CheckRange(options.Threads, 1, 256, nameof(options.Threads));

        _tokenizer = tokenizer;
        _team = new ComputeTeam(options.Threads);
        try
        {
            _runner = runner(_team);
            if (_runner.MaxStepTokens <= options.MaxConcurrentRequests)
                throw new ArgumentException($"The runner takes {_runner.MaxStepTokens} tokens a step; it must take more than the {options.MaxConcurrentRequests} requests at the same time.", nameof(runner));
            if ((long)_runner.PageCount * _runner.PageSize < _runner.Config.ContextWindow)
                throw new ArgumentException($"The key-value cache holds {(long)_runner.PageCount * _runner.PageSize} tokens, the context window {_runner.Config.ContextWindow}: give it more memory, or make the window smaller.", nameof(options));
        }
        catch
        {
            _team.Dispose();
            throw;
        }
        _scheduler = new Scheduler(_runner, tokenizer, _team, options);
    }

    /// <summary>The shape of the model it runs.</summary>
    public ModelConfig Config => _runner.Config;

    /// <summary>What it has on its hands now.</summary>
    public EngineLoad Load => _scheduler.Load;

    /// <summary>Takes a place in line at once and starts as soon as there is room.</summary>
    /// <remarks>
    /// Cancelling <paramref name="cancellationToken"/>, leaving the loop or disposing the stream stops decoding before the
    /// next token and frees the cache. After a cancel the enumeration throws <see cref="OperationCanceledException"/>.
    /// </remarks>
    /// <exception cref="EngineOverloadedException">Thrown by this call, not by the enumeration.</exception>
    /// <exception cref="ArgumentException">The prompt is empty, holds unknown ids or does not fit the context window; an option is out of range.</exception>
    /// <exception cref="ObjectDisposedException">The engine was disposed.</exception>
    public GenerationStream GenerateAsync(GenerationRequest request, CancellationToken cancellationToken = default)
    {
        Check(request);
        var limit = Math.Min(request.MaxOutputTokens, Config.ContextWindow - request.PromptIds.Length);
        var stream = new GenerationStream(request, limit, cancellationToken);
        stream.Watch();
        try
        {
            _scheduler.Add(stream);
        }
        catch
        {
            stream.End(null);
            throw;
        }
        return stream;
    }

    /// <summary>Cancels what runs and waits for it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await Task.Run(_scheduler.Dispose);
        _team.Dispose();
        _runner.Dispose();
    }

    private static ManagedRunner Managed(LanguageModel model, ComputeTeam team, InferenceEngineOptions options)
    {
        var bytes = KvPages.BytesPerPage(model.Config);
        var window = (model.Config.ContextWindow + KvPages.PageSize - 1) / KvPages.PageSize;
        var wanted = options.CacheBytes
            ?? Math.Clamp((long)window * options.MaxConcurrentRequests * bytes, window * bytes, Math.Max(window * bytes, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4));
        return new ManagedRunner(model.Weights, team, (int)Math.Min(wanted / bytes, int.MaxValue / KvPages.PageSize), options.MaxConcurrentRequests + options.StepTokens);
    }

    private void Check(GenerationRequest request)
    {
        var window = Config.ContextWindow;
        if (request.PromptIds.Length < 1 || request.PromptIds.Length >= window)
            throw new ArgumentException($"The prompt has {request.PromptIds.Length} tokens; it must have at least 1 and fewer than the context window of {window}.", nameof(request));
        if (request.PromptIds.Span.ContainsAnyExceptInRange(0, _tokenizer.VocabularySize - 1))
            throw new ArgumentException($"The prompt holds an id outside 0 to {_tokenizer.VocabularySize - 1}.", nameof(request));
        CheckRange(request.MaxOutputTokens, 1, int.MaxValue, nameof(request.MaxOutputTokens));
        CheckRange(request.TopLogprobs, 0, 20, nameof(request.TopLogprobs));
        SamplingOptionsValidator.Check(request.Sampling);
    }

    private static void CheckRange(int value, int min, int max, string name)
    {
        if (value < min || value > max)
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be from {min} to {max}.");
    }
}
