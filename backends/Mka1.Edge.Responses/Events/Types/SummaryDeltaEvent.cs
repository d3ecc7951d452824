namespace Mka1.Edge.Responses;

/// <summary><c>response.reasoning_summary_text.delta</c>.</summary>
public sealed record SummaryDeltaEvent : ResponseEvent
{
    public required string ItemId { get; init; }

    public required int OutputIndex { get; init; }

    public required int SummaryIndex { get; init; }

    public required string Delta { get; init; }
}
