namespace Mka1.Edge.Inference.Engine;

/// <summary>How much an engine takes on at once.</summary>
public sealed record InferenceEngineOptions
{
    /// <summary>Requests decoded at the same time: 1 to 256; default 16.</summary>
    public int MaxConcurrentRequests { get; init; } = 16;

    /// <summary>Requests that may wait for a place: 0 to 10000; default 64.</summary>
    public int MaxQueuedRequests { get; init; } = 64;

    /// <summary>
    /// Prompt tokens one step may hold beside the streams that decode: 16 to 8192; default 128. More reads prompts a little
    /// faster, and makes running streams wait longer for their next token meanwhile.
    /// </summary>
    public int StepTokens { get; init; } = 128;

    /// <summary>
    /// Bytes of key-value cache: enough for one context window at least. Null: for <see cref="MaxConcurrentRequests"/> whole
    /// windows, but no more than a quarter of the memory this process may use.
    /// </summary>
    public long? CacheBytes { get; init; }

    /// <summary>Threads that share the work on one large matrix: 1 to 256; default one a core.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
