using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>Kind 17: the tools an MCP server offers.</summary>
public sealed class McpListToolsItem() : ResponseItem(ItemTypes.McpListTools)
{
    public required string ServerLabel { get; init; }

    /// <summary>Array of <c>{name,input_schema,…}</c>.</summary>
    public required JsonElement Tools { get; init; }

    public JsonElement? Error { get; init; }
}
