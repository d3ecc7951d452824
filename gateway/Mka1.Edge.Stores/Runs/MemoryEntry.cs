using Mka1.Edge.Stores.Responses;

namespace Mka1.Edge.Stores.Runs;

/// <summary>A response in memory, and its run for as long as that has not ended.</summary>
/// <param name="sequence">Its place among all responses.</param>
internal sealed class MemoryEntry(long sequence)
{
    public long Sequence { get; } = sequence;

    public required StoredResponse Response { get; set; }

    public List<string> ItemIds { get; } = [];

    /// <summary>Null once it has ended.</summary>
    public NewRun? Run { get; set; }

    public int Fence { get; set; }

    public bool Emitted { get; set; }

    /// <summary>Its place among those that have ended; null before.</summary>
    public LinkedListNode<MemoryEntry>? Ended { get; set; }

    public StoredRun ToRun() => new(Response, Run!, Fence, Emitted);
}
