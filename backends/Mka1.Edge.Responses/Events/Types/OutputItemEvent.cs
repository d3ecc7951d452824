namespace Mka1.Edge.Responses;

/// <summary><c>response.output_item.added</c> and <c>.done</c>.</summary>
public sealed record OutputItemEvent : ResponseEvent
{
    public required int OutputIndex { get; init; }

    public required ResponseItem Item { get; init; }
}
