namespace Mka1.Edge.Inference.Engine;

/// <summary>How much an engine takes on at once.</summary>
public sealed record InferenceEngineOptions
{
    /// <summary>Requests decoded at the same time: 1 to 256; default 8.</summary>
    public int MaxConcurrentRequests { get; init; } = 8;

    /// <summary>Requests that may wait for a place: 0 to 10000; default 64.</summary>
    public int MaxQueuedRequests { get; init; } = 64;

    /// <summary>Threads that share the work on one large matrix: 1 to 256; default one a core.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
