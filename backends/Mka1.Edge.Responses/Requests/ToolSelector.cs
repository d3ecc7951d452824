namespace Mka1.Edge.Responses;

/// <summary>Points at one declared tool: a function or custom tool by name, an MCP tool by server, a hosted tool by type.</summary>
public sealed record ToolSelector(string Type, string? Name, string? ServerLabel);
