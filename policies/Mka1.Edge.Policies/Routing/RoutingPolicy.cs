using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.Policies.Routing;

/// <summary>
/// Decides which variant serves a request: the one asked for, or with auto_routing the one of the desired tier; where that one
/// is down, cannot serve the request or may not be used, the nearest that can.
/// </summary>
public static class RoutingPolicy
{
    /// <param name="caller">Who asks, and so what may be used.</param>
    /// <param name="entry">What the model name stands for; null when unknown.</param>
    /// <param name="facts">What routing looks at.</param>
    /// <param name="classifier">Says how hard the request looks.</param>
    public static RoutingDecision Decide(Caller caller, CatalogEntry? entry, RoutingFacts facts, ComplexityClassifier classifier)
    {
        if (entry is null || !caller.Permits(entry.Name)) return RoutingDecision.UnknownModel.Instance;

        var asked = entry.Variant ?? entry.Family.Default;
        if (!facts.AutoRouting)
        {
            return FirstUnmet(asked, facts.Needs) is { } unmet
                ? new RoutingDecision.Unsupported(unmet, asked)
                : new RoutingDecision.Routed(entry.Family, asked, null);
        }

        var complexity = Classify(facts, classifier);
        var family = entry.Family;
        var all = caller.Permits(family);
        if (Nearest(family, complexity.DesiredTier, v => May(caller, v, all)) is not { } nearest) return Unsupported(asked, facts);
        if (Nearest(family, complexity.DesiredTier, v => May(caller, v, all) && FirstUnmet(v, facts.Needs) is null) is not { } capable)
            return Unsupported(nearest, facts);

        // With every server down there is nothing to choose; forwarding says so.
        var chosen = Nearest(family, complexity.DesiredTier, v => May(caller, v, all) && FirstUnmet(v, facts.Needs) is null && IsHealthy(facts, v)) ?? capable;
        return new RoutingDecision.Routed(family, chosen, Explained(complexity, facts, family, nearest, capable, chosen));
    }

    private static ComplexityScore Classify(RoutingFacts facts, ComplexityClassifier classifier)
    {
        var complexity = classifier.Score(facts.Complexity, facts.Thresholds, facts.Explain);
        if (facts.Before is not { } before || before <= complexity.DesiredTier) return complexity;
        complexity = complexity with { DesiredTier = before };
        return facts.Explain ? complexity.Because($"the conversation is on {before.Name()} already") : complexity;
    }

    /// <summary>Says why a variant of another tier serves the request. A family of one variant leaves nothing to say.</summary>
    private static ComplexityScore Explained(
        ComplexityScore complexity, RoutingFacts facts, ModelFamily family, ModelVariant nearest, ModelVariant capable, ModelVariant chosen)
    {
        var desired = complexity.DesiredTier;
        if (!facts.Explain || chosen.Tier == desired || family.Variants.Count == 1) return complexity;
        var lacking = nearest.Tier != desired ? "permitted" : capable.Tier != desired ? "capable" : "healthy";
        return complexity.Because($"no {lacking} {desired.Name()} sibling; routed to {chosen.Tier.Name()}");
    }

    /// <summary>The variant nearest to a tier; of two equally near ones the more capable.</summary>
    private static ModelVariant? Nearest(ModelFamily family, Tier tier, Predicate<ModelVariant> suits)
    {
        ModelVariant? best = null;
        foreach (var variant in family.Variants.Values)
        {
            if (!suits(variant)) continue;
            int distance = Math.Abs(variant.Tier - tier), least = best is null ? int.MaxValue : Math.Abs(best.Tier - tier);
            if (distance < least || (distance == least && variant.Tier > best!.Tier)) best = variant;
        }

        return best;
    }

    /// <summary>A key for the family may use all its variants, others those it names.</summary>
    private static bool Permits(this Caller caller, ModelFamily family)
    {
        if (caller.Permits(family.Name)) return true;
        foreach (var alias in family.Aliases)
        {
            if (caller.Permits(alias)) return true;
        }

        return false;
    }

    private static bool May(Caller caller, ModelVariant variant, bool all) => all || caller.Permits(variant.Model);

    private static bool IsHealthy(RoutingFacts facts, ModelVariant variant) => facts.Healthy?.Invoke(variant.Pool) ?? true;

    private static RoutingDecision.Unsupported Unsupported(ModelVariant variant, RoutingFacts facts) => new(FirstUnmet(variant, facts.Needs)!.Value, variant);

    private static CapabilityNeed? FirstUnmet(ModelVariant variant, IReadOnlyList<CapabilityNeed> needs)
    {
        foreach (var need in needs)
        {
            if (!need.IsMetBy(variant.Capabilities)) return need;
        }

        return null;
    }
}
