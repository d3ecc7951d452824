using Mka1.Edge.Policies.Routing;

namespace Mka1.Edge.Policies.Canary;

/// <summary>A share of a variant's requests that another pool is sent too, after the fact; nobody is given its answers.</summary>
/// <param name="Variant">The variant as that pool serves it.</param>
/// <param name="Percent">The share, 0 to 100.</param>
public sealed record ShadowRule(ModelVariant Variant, double Percent)
{
    /// <summary>Whether a run is among the share: each by itself, by its id, which is as good as chance.</summary>
    public bool Takes(string runId) => StableShare.Holds(Percent, "shadow", Variant.Model, runId);
}
