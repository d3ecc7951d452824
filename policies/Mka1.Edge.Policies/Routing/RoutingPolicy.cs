using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.Policies.Routing;

/// <summary>Decides which variant serves a request: the one asked for, or with auto_routing the nearest capable to the desired tier.</summary>
public static class RoutingPolicy
{
    /// <param name="grant">What the caller's key may use.</param>
    /// <param name="entry">What the model name stands for; null when unknown.</param>
    /// <param name="facts">What routing looks at.</param>
    public static RoutingDecision Decide(KeyGrant grant, CatalogEntry? entry, RoutingFacts facts)
    {
        if (entry is null || !grant.Permits(entry.Name)) return RoutingDecision.UnknownModel.Instance;

        var asked = entry.Variant ?? entry.Family.Default;
        if (!facts.AutoRouting)
        {
            return FirstUnmet(asked, facts.Needs) is { } unmet
                ? new RoutingDecision.Unsupported(unmet, asked)
                : new RoutingDecision.Routed(entry.Family, asked, null);
        }

        var complexity = ComplexityClassifier.Score(facts.Complexity);
        var byDistance = Permitted(grant, entry.Family)
            .OrderBy(v => Math.Abs(v.Tier - complexity.DesiredTier))
            .ThenByDescending(v => v.Tier);
        ModelVariant? nearest = null;
        foreach (var variant in byDistance)
        {
            nearest ??= variant;
            if (FirstUnmet(variant, facts.Needs) is null) return new RoutingDecision.Routed(entry.Family, variant, complexity);
        }

        nearest ??= asked;
        return new RoutingDecision.Unsupported(FirstUnmet(nearest, facts.Needs)!.Value, nearest);
    }

    /// <summary>The variants auto_routing may choose from: a key for the family may use all of them, others those it names.</summary>
    private static IEnumerable<ModelVariant> Permitted(KeyGrant grant, ModelFamily family) =>
        family.Aliases.Prepend(family.Name).Any(grant.Permits) ? family.Variants.Values : family.Variants.Values.Where(v => grant.Permits(v.Model));

    private static CapabilityNeed? FirstUnmet(ModelVariant variant, IReadOnlyList<CapabilityNeed> needs)
    {
        foreach (var need in needs)
        {
            if (!need.IsMetBy(variant.Capabilities)) return need;
        }

        return null;
    }
}
