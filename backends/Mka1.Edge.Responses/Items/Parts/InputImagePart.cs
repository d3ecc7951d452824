namespace Mka1.Edge.Responses;

/// <summary>An image by address, data URL or file id; at least one of the two is set.</summary>
public sealed class InputImagePart() : ContentPart(PartTypes.InputImage)
{
    public JsonText? ImageUrl { get; init; }

    public string? FileId { get; init; }

    /// <summary>low, high, auto or original.</summary>
    public string? Detail { get; init; }
}
