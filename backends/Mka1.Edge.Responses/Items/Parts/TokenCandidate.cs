namespace Mka1.Edge.Responses;

/// <summary>A token that could stand at a position.</summary>
public record TokenCandidate
{
    public required string Token { get; init; }

    /// <summary>Natural logarithm of the probability.</summary>
    public required double Logprob { get; init; }

    /// <summary>The token's UTF-8 bytes, as numbers: a token may hold part of a character.</summary>
    public IReadOnlyList<int> Bytes { get; init; } = [];
}
