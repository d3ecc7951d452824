namespace Mka1.Edge.Responses;

/// <summary>Kind 22: what the custom tool returned.</summary>
public sealed class CustomToolCallOutputItem() : ResponseItem(ItemTypes.CustomToolCallOutput)
{
    public required string CallId { get; init; }

    public required ToolOutput Output { get; init; }
}
