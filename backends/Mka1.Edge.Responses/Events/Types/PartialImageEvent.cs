using System.Text.Json.Serialization;

namespace Mka1.Edge.Responses;

/// <summary><c>response.image_generation_call.partial_image</c>.</summary>
public sealed record PartialImageEvent : ResponseEvent
{
    public required string ItemId { get; init; }

    public required int OutputIndex { get; init; }

    public required int PartialImageIndex { get; init; }

    /// <summary>Base64.</summary>
    [JsonPropertyName("partial_image_b64")]
    public required string PartialImage { get; init; }
}
