namespace Mka1.Edge.Responses;

public sealed class SummaryTextPart() : ContentPart(PartTypes.SummaryText)
{
    public required JsonText Text { get; init; }
}
