using Mka1.Edge.Inference.Kernels;
using Mka1.Edge.Inference.Models;
using Mka1.Edge.Inference.Sampling;

namespace Mka1.Edge.Inference.Engine;

/// <summary>Runs many generations on one model at once.</summary>
/// <remarks>
/// Each active generation has a thread and a set of buffers of its own; those threads share one team of helpers for large
/// matrices. Decoding allocates nothing but the tokens handed out. A generation gives the same tokens whether it runs alone
/// or beside others.
/// </remarks>
public sealed class InferenceEngine : IAsyncDisposable
{
    private readonly RequestQueue _queue;
    private readonly ComputeTeam _team;
    private readonly Thread[] _workers;
    private readonly Action _countToken;
    private long _tokensDecoded;
    private long _cacheBytes;
    private int _disposed;

    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public InferenceEngine(LanguageModel model, InferenceEngineOptions? options = null)
    {
        options ??= new InferenceEngineOptions();
        CheckRange(options.MaxConcurrentRequests, 1, 256, nameof(options.MaxConcurrentRequests));
        CheckRange(options.MaxQueuedRequests, 0, 10_000, nameof(options.MaxQueuedRequests));
        CheckRange(options.Threads, 1, 256, nameof(options.Threads));

        Model = model;
        _queue = new RequestQueue(options.MaxConcurrentRequests, options.MaxQueuedRequests);
        _team = new ComputeTeam(options.Threads);
        _countToken = () => Interlocked.Increment(ref _tokensDecoded);
        _workers = new Thread[options.MaxConcurrentRequests];
        for (var i = 0; i < _workers.Length; i++)
        {
            _workers[i] = new Thread(Work) { IsBackground = true, Name = $"inference-{i}" };
            _workers[i].Start();
        }
    }

    /// <summary>The model it runs.</summary>
    public LanguageModel Model { get; }

    /// <summary>Generations that hold a place now.</summary>
    public int ActiveRequests => _queue.Active;

    /// <summary>Generations that wait for a place.</summary>
    public int QueuedRequests => _queue.Waiting;

    /// <summary>Output tokens decoded since the start.</summary>
    public long TokensDecoded => Interlocked.Read(ref _tokensDecoded);

    /// <summary>Bytes of key-value cache held by active generations.</summary>
    public long CacheBytes => Interlocked.Read(ref _cacheBytes);

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
        var limit = Math.Min(request.MaxOutputTokens, Model.Config.ContextWindow - request.PromptIds.Length);
        var stream = new GenerationStream(request, limit, cancellationToken);
        stream.Watch();
        try
        {
            _queue.Add(stream);
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
        _queue.Close();
        await Task.Run(() =>
        {
            foreach (var worker in _workers)
                worker.Join();
        });
        _team.Dispose();
    }

    private void Work()
    {
        ForwardPass? pass = null;
        while (_queue.TryTake(out var stream))
        {
            Exception? fault = null;
            try
            {
                stream.Stopped.ThrowIfCancellationRequested();

                // Made when first needed: a worker that never works holds no buffers.
                pass ??= new ForwardPass(Model.Weights, _team);
                Run(pass, stream);
            }
            catch (Exception e)
            {
                // Whatever it is, it belongs to the reader of this stream; the worker goes on with the next.
                fault = e;
            }
            _queue.Done(stream);
            stream.End(fault);
        }
    }

    private void Run(ForwardPass pass, GenerationStream stream)
    {
        var generation = new Generation(Model, stream);
        using var cache = new KvCache(Model.Config, generation.CacheCapacity);
        Interlocked.Add(ref _cacheBytes, cache.Bytes);
        try
        {
            generation.Run(pass, cache, _countToken);
        }
        finally
        {
            Interlocked.Add(ref _cacheBytes, -cache.Bytes);
        }
    }

    private void Check(GenerationRequest request)
    {
        var window = Model.Config.ContextWindow;
        if (request.PromptIds.Length < 1 || request.PromptIds.Length >= window)
            throw new ArgumentException($"The prompt has {request.PromptIds.Length} tokens; it must have at least 1 and fewer than the context window of {window}.", nameof(request));
        if (request.PromptIds.Span.ContainsAnyExceptInRange(0, Model.Tokenizer.VocabularySize - 1))
            throw new ArgumentException($"The prompt holds an id outside 0 to {Model.Tokenizer.VocabularySize - 1}.", nameof(request));
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
