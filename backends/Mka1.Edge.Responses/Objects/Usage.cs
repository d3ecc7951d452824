namespace Mka1.Edge.Responses;

/// <summary>Tokens spent. <see cref="TotalTokens"/> is always input plus output.</summary>
public sealed record Usage
{
    /// <summary>The largest count that every JSON reader keeps exact.</summary>
    public const long MaxTokens = 9_007_199_254_740_991;

    public long InputTokens { get; init; }

    public InputTokensDetails InputTokensDetails { get; init; } = new();

    public long OutputTokens { get; init; }

    public OutputTokensDetails OutputTokensDetails { get; init; } = new();

    public long TotalTokens => InputTokens + OutputTokens;

    /// <summary>Builds a usage from plain counts.</summary>
    public static Usage Of(long input, long output, long cached = 0, long reasoning = 0) => new()
    {
        InputTokens = input,
        InputTokensDetails = new() { CachedTokens = cached },
        OutputTokens = output,
        OutputTokensDetails = new() { ReasoningTokens = reasoning },
    };
}
