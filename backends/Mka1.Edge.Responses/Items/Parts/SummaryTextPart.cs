namespace Mka1.Edge.Responses;

public sealed class SummaryTextPart : ContentPart
{
    public override string Type => PartTypes.SummaryText;

    public required JsonText Text { get; init; }
}
