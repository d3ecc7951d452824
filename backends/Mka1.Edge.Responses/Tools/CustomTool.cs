using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>A tool of the caller's that takes free text.</summary>
public sealed record CustomTool : ToolDefinition
{
    public override string Type => ToolTypes.Custom;

    public required string Name { get; init; }

    public string? Description { get; init; }

    /// <summary><c>{"type":"text"}</c> or a grammar; null means text.</summary>
    public JsonElement? Format { get; init; }
}
