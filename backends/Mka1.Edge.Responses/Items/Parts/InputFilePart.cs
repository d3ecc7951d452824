namespace Mka1.Edge.Responses;

/// <summary>A file: inline, by id or by address; at least one of the three is set.</summary>
public sealed class InputFilePart() : ContentPart(PartTypes.InputFile)
{
    public string? Filename { get; init; }

    public JsonText? FileData { get; init; }

    public string? FileId { get; init; }

    public string? FileUrl { get; init; }
}
