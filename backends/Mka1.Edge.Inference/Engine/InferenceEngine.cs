using Mka1.Edge.Inference.Models;

namespace Mka1.Edge.Inference.Engine;

/// <summary>Runs many generations on one model at once.</summary>
public sealed class InferenceEngine : IAsyncDisposable
{
    public InferenceEngine(LanguageModel model, InferenceEngineOptions? options = null) => Model = model;

    /// <summary>The model it runs.</summary>
    public LanguageModel Model { get; }

    /// <summary>Generations that hold a place now.</summary>
    public int ActiveRequests => throw new NotSupportedException();

    /// <summary>Generations that wait for a place.</summary>
    public int QueuedRequests => throw new NotSupportedException();

    /// <summary>Output tokens decoded since the start.</summary>
    public long TokensDecoded => throw new NotSupportedException();

    /// <summary>Bytes of key-value cache held by active generations.</summary>
    public long CacheBytes => throw new NotSupportedException();

    /// <summary>Takes a place in line at once and starts as soon as there is room.</summary>
    /// <remarks>
    /// Cancelling <paramref name="cancellationToken"/>, leaving the loop or disposing the stream stops decoding before the
    /// next token and frees the cache. After a cancel the enumeration throws <see cref="OperationCanceledException"/>.
    /// </remarks>
    /// <exception cref="EngineOverloadedException">Thrown by this call, not by the enumeration.</exception>
    /// <exception cref="ArgumentException">The prompt is empty, holds unknown ids or does not fit the context window; an option is out of range.</exception>
    public GenerationStream GenerateAsync(GenerationRequest request, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Cancels what runs and waits for it.</summary>
    public ValueTask DisposeAsync() => throw new NotSupportedException();
}
