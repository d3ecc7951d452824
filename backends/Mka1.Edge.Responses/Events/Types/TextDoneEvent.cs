namespace Mka1.Edge.Responses;

/// <summary><c>response.output_text.done</c> and <c>response.reasoning_text.done</c>.</summary>
public sealed record TextDoneEvent : ResponseEvent
{
    public required string ItemId { get; init; }

    public required int OutputIndex { get; init; }

    public required int ContentIndex { get; init; }

    public required string Text { get; init; }

    public IReadOnlyList<TokenLogprob>? Logprobs { get; init; }
}
