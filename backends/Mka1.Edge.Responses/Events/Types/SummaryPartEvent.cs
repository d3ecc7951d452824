namespace Mka1.Edge.Responses;

/// <summary><c>response.reasoning_summary_part.added</c> and <c>.done</c>.</summary>
public sealed record SummaryPartEvent : ResponseEvent
{
    public required string ItemId { get; init; }

    public required int OutputIndex { get; init; }

    public required int SummaryIndex { get; init; }

    public required ContentPart Part { get; init; }
}
