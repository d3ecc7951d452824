namespace Mka1.Edge.Responses;

public sealed record OutputTokensDetails
{
    /// <summary>Output tokens spent on thinking.</summary>
    public long ReasoningTokens { get; init; }
}
