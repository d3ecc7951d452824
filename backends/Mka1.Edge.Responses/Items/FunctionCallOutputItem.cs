namespace Mka1.Edge.Responses;

/// <summary>Kind 9: what the caller's function returned.</summary>
public sealed class FunctionCallOutputItem() : ResponseItem(ItemTypes.FunctionCallOutput)
{
    /// <summary>1 to 64 characters.</summary>
    public required string CallId { get; init; }

    public required ToolOutput Output { get; init; }
}
