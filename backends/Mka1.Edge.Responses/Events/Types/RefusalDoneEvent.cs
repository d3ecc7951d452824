namespace Mka1.Edge.Responses;

/// <summary><c>response.refusal.done</c>.</summary>
public sealed record RefusalDoneEvent : ResponseEvent
{
    public required string ItemId { get; init; }

    public required int OutputIndex { get; init; }

    public required int ContentIndex { get; init; }

    public required string Refusal { get; init; }
}
