namespace Mka1.Edge.Responses;

/// <summary>Kind 18: the model asks whether it may call an MCP tool.</summary>
public sealed class McpApprovalRequestItem() : ResponseItem(ItemTypes.McpApprovalRequest)
{
    public required string ServerLabel { get; init; }

    public required string Name { get; init; }

    public required JsonText Arguments { get; init; }
}
