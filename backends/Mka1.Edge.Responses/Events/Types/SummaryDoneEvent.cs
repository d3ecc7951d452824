namespace Mka1.Edge.Responses;

/// <summary><c>response.reasoning_summary_text.done</c>.</summary>
public sealed record SummaryDoneEvent : ResponseEvent
{
    public required string ItemId { get; init; }

    public required int OutputIndex { get; init; }

    public required int SummaryIndex { get; init; }

    public required string Text { get; init; }
}
