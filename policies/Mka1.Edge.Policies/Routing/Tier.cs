namespace Mka1.Edge.Policies.Routing;

/// <summary>The variants of a model family, from the cheapest to the most capable.</summary>
public enum Tier
{
    Quantized,
    Moe,
    Dense,
}
