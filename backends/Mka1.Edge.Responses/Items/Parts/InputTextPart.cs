namespace Mka1.Edge.Responses;

public sealed class InputTextPart : ContentPart
{
    public override string Type => PartTypes.InputText;

    public required JsonText Text { get; init; }
}
