namespace Mka1.Edge.Responses;

/// <summary>The model declines.</summary>
public sealed class RefusalPart() : ContentPart(PartTypes.Refusal)
{
    public required JsonText Refusal { get; init; }
}
