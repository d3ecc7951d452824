using System.Text.Json.Serialization;

namespace Mka1.Edge.Responses;

/// <summary>One token of the output with its natural-log probability.</summary>
public sealed record TokenLogprob : TokenCandidate
{
    /// <summary>The likeliest tokens at this position, at most 20.</summary>
    [JsonPropertyOrder(1)]
    public IReadOnlyList<TokenCandidate> TopLogprobs { get; init; } = [];
}
