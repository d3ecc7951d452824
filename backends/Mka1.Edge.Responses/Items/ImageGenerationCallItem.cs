namespace Mka1.Edge.Responses;

/// <summary>Kind 11: an image made by a tool.</summary>
public sealed class ImageGenerationCallItem() : ResponseItem(ItemTypes.ImageGenerationCall)
{
    /// <summary>Address or base64 of the image.</summary>
    public JsonText? Result { get; init; }

    public JsonText? RevisedPrompt { get; init; }

    public string? Size { get; init; }

    public string? Quality { get; init; }

    public string? OutputFormat { get; init; }
}
