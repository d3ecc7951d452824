namespace Mka1.Edge.Responses;

/// <summary>Kind 19: the caller's answer to an approval request.</summary>
public sealed class McpApprovalResponseItem() : ResponseItem(ItemTypes.McpApprovalResponse)
{
    public required string ApprovalRequestId { get; init; }

    public required bool Approve { get; init; }

    public string? Reason { get; init; }
}
