namespace Mka1.Edge.Responses;

public sealed class InputTextPart() : ContentPart(PartTypes.InputText)
{
    public required JsonText Text { get; init; }
}
