namespace Mka1.Edge.Responses;

public sealed class ReasoningTextPart() : ContentPart(PartTypes.ReasoningText)
{
    public required JsonText Text { get; init; }
}
