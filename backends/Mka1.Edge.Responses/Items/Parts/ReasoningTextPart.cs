namespace Mka1.Edge.Responses;

public sealed class ReasoningTextPart : ContentPart
{
    public override string Type => PartTypes.ReasoningText;

    public required JsonText Text { get; init; }
}
