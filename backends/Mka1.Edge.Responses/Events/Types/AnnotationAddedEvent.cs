using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary><c>response.output_text.annotation.added</c>.</summary>
public sealed record AnnotationAddedEvent : ResponseEvent
{
    public required string ItemId { get; init; }

    public required int OutputIndex { get; init; }

    public required int ContentIndex { get; init; }

    public required int AnnotationIndex { get; init; }

    public required JsonElement Annotation { get; init; }
}
