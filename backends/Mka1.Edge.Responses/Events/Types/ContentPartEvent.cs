namespace Mka1.Edge.Responses;

/// <summary><c>response.content_part.added</c> and <c>.done</c>.</summary>
public sealed record ContentPartEvent : ResponseEvent
{
    public required string ItemId { get; init; }

    public required int OutputIndex { get; init; }

    public required int ContentIndex { get; init; }

    public required ContentPart Part { get; init; }
}
