namespace Mka1.Edge.Responses;

/// <summary>Kind 21: the model calls a tool that takes free text.</summary>
public sealed class CustomToolCallItem() : ResponseItem(ItemTypes.CustomToolCall)
{
    public required string CallId { get; init; }

    public required string Name { get; init; }

    public required JsonText Input { get; init; }
}
