namespace Mka1.Edge.Responses;

/// <summary>Kind 14: what the caller's shell printed.</summary>
public sealed class LocalShellCallOutputItem() : ResponseItem(ItemTypes.LocalShellCallOutput)
{
    public required JsonText Output { get; init; }
}
