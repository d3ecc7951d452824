using Mka1.Edge.Policies.Routing;

namespace Mka1.Edge.Policies.Canary;

/// <summary>Splits a variant's requests between its own pool and one on trial: the same caller, or conversation, always the same way.</summary>
public static class CanaryPolicy
{
    /// <param name="variant">The variant that routing has chosen.</param>
    /// <param name="facts">What the choice looks at.</param>
    public static CanaryDecision Choose(ModelVariant variant, CanaryFacts facts)
    {
        if (variant.Canary is not { } canary || !Takes(canary, variant.Model, facts)) return new CanaryDecision(variant, RouteArm.Main);
        return facts.Healthy?.Invoke(canary.Variant.Pool) ?? true
            ? new CanaryDecision(canary.Variant, RouteArm.Canary)
            : new CanaryDecision(variant, RouteArm.Fallback);
    }

    /// <summary>The tenant is part of every key: what one tenant names must not tell where another's requests go.</summary>
    private static bool Takes(CanaryRule canary, string model, CanaryFacts facts) => canary.By switch
    {
        CanaryKey.Conversation when facts.Conversation is { } conversation => StableShare.Holds(canary.Percent, "canary", model, "conversation", facts.TenantId, conversation),
        CanaryKey.Conversation when facts.PromptCacheKey is { } key => StableShare.Holds(canary.Percent, "canary", model, "prompt", facts.TenantId, facts.EndUser, key),
        _ => StableShare.Holds(canary.Percent, "canary", model, "caller", facts.TenantId, facts.EndUser),
    };
}
