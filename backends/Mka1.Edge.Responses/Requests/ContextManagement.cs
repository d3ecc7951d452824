namespace Mka1.Edge.Responses;

/// <summary>The one entry of <c>context_management</c>.</summary>
public sealed record ContextManagement
{
    /// <summary><c>compaction</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Tokens of context past which the history is compacted; null lets the server choose.</summary>
    public long? CompactThreshold { get; init; }
}
