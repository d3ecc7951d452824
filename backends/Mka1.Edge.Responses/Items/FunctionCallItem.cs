namespace Mka1.Edge.Responses;

/// <summary>Kind 8: the model calls one of the caller's functions.</summary>
public sealed class FunctionCallItem() : ResponseItem(ItemTypes.FunctionCall)
{
    public required string CallId { get; init; }

    public required string Name { get; init; }

    /// <summary>JSON, as text.</summary>
    public required JsonText Arguments { get; init; }
}
