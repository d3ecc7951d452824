namespace Mka1.Edge.Responses;

public sealed record ImageGenerationTool : ToolDefinition
{
    public override string Type => ToolTypes.ImageGeneration;

    public string? Model { get; init; }
}
