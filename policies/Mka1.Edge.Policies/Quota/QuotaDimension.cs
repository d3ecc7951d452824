namespace Mka1.Edge.Policies.Quota;

/// <summary>What is counted.</summary>
public enum QuotaDimension
{
    /// <summary>Requests taken in.</summary>
    Requests,

    /// <summary>Tokens, input and output together.</summary>
    Tokens,

    /// <summary>Cost, in billionths of the currency unit.</summary>
    Cost,

    /// <summary>Requests in flight: given back when they end.</summary>
    Concurrency,
}
