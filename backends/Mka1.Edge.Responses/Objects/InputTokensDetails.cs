namespace Mka1.Edge.Responses;

public sealed record InputTokensDetails
{
    /// <summary>Input tokens whose keys and values were already in the cache.</summary>
    public long CachedTokens { get; init; }
}
