namespace Mka1.Edge.Responses;

/// <summary>The tools of a remote MCP server.</summary>
public sealed record McpTool : ToolDefinition
{
    public override string Type => ToolTypes.Mcp;

    public required string ServerLabel { get; init; }

    public string? ServerUrl { get; init; }

    public string? ConnectorId { get; init; }
}
