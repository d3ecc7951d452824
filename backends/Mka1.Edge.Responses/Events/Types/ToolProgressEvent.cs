namespace Mka1.Edge.Responses;

/// <summary>A hosted tool's step (<c>…_call.in_progress</c>, <c>.searching</c>, <c>.completed</c> and the like), and <c>response.compaction.compacting</c>.</summary>
public sealed record ToolProgressEvent : ResponseEvent
{
    public required string ItemId { get; init; }

    public required int OutputIndex { get; init; }
}
