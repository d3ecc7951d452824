namespace Mka1.Edge.Gateway.Configuration;

/// <summary>What is set aside near a limit for an input whose tokens the model server does not count.</summary>
public enum QuotaUncounted
{
    /// <summary>What it comes to by what was learned: a limit may be passed by what that misses.</summary>
    Estimate,

    /// <summary>What it can come to at most: a limit is never passed, and may refuse what would have fitted.</summary>
    Bound,
}
