using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>Kind 20: a call of an MCP tool.</summary>
public sealed class McpCallItem() : ResponseItem(ItemTypes.McpCall)
{
    public required string ServerLabel { get; init; }

    public required string Name { get; init; }

    public required JsonText Arguments { get; init; }

    public JsonText? Output { get; init; }

    public JsonElement? Error { get; init; }

    public string? ApprovalRequestId { get; init; }
}
