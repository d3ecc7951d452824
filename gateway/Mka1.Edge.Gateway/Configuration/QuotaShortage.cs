namespace Mka1.Edge.Gateway.Configuration;

/// <summary>What becomes of a request whose answer may not fit what is left of a quota.</summary>
public enum QuotaShortage
{
    /// <summary>Its <c>max_output_tokens</c> is lowered to what is left.</summary>
    Clamp,

    /// <summary>It is refused.</summary>
    Refuse,
}
