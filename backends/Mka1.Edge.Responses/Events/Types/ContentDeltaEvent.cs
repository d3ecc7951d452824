namespace Mka1.Edge.Responses;

/// <summary><c>response.output_text.delta</c>, <c>response.refusal.delta</c> and <c>response.reasoning_text.delta</c>.</summary>
public sealed record ContentDeltaEvent : ResponseEvent
{
    public required string ItemId { get; init; }

    public required int OutputIndex { get; init; }

    public required int ContentIndex { get; init; }

    public required string Delta { get; init; }

    /// <summary>Only on output_text, where it is always there, mostly empty.</summary>
    public IReadOnlyList<TokenLogprob>? Logprobs { get; init; }
}
