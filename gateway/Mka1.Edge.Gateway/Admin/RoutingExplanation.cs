using Mka1.Edge.Gateway.Trials;
using Mka1.Edge.Policies.Routing;

namespace Mka1.Edge.Gateway.Admin;

/// <summary>Where a request would go, and why. Nothing of its text is in it.</summary>
/// <param name="Model">The model that it names.</param>
/// <param name="AutoRouting">Whether it leaves the variant to the gateway.</param>
/// <param name="Decision"><c>routed</c>, or <c>refused</c>.</param>
/// <param name="Refusal">What its client would be told; null when it is routed.</param>
/// <param name="Route">Where it would go; null when it is refused.</param>
/// <param name="Complexity">How hard it looks; null without auto_routing.</param>
/// <param name="Features">What that is judged by; null without auto_routing.</param>
/// <param name="Needs">What not every variant can serve, by its place in the request.</param>
/// <param name="HistoryLeftOut">Whether it refers to earlier turns or to a prompt template, which are not looked up here.</param>
/// <param name="Candidate">What a candidate's weights would do; null when there are none.</param>
internal sealed record RoutingExplanation(
    string Model,
    bool AutoRouting,
    string Decision,
    RoutingExplanation.Refused? Refusal,
    RoutingExplanation.Way? Route,
    RoutingExplanation.Judgement? Complexity,
    RoutingFeatures? Features,
    IReadOnlyList<RoutingExplanation.Need> Needs,
    bool HistoryLeftOut,
    RoutingExplanation.Other? Candidate)
{
    /// <summary>A refusal.</summary>
    internal sealed record Refused(int Status, string Code, string Message, string? Param);

    /// <summary>A variant and where it is served.</summary>
    /// <param name="Variant">The variant.</param>
    /// <param name="Tier">Its tier.</param>
    /// <param name="Arm"><c>main</c>, <c>canary</c>, or <c>fallback</c> where the canary cannot be reached.</param>
    /// <param name="Pool">The pool.</param>
    /// <param name="UpstreamModel">The name its servers know the model by.</param>
    /// <param name="Reachable">Whether a server of the pool takes requests now.</param>
    /// <param name="ShadowPool">The pool that a share of such requests is mirrored to; null for none.</param>
    internal sealed record Way(string Variant, string Tier, string Arm, string Pool, string UpstreamModel, bool Reachable, string? ShadowPool);

    /// <summary>A score and the thresholds it is held against.</summary>
    internal sealed record Judgement(
        string Weights, string DesiredTier, int Score, float Level, double Probability, float MoeFrom, float DenseFrom, IReadOnlyList<Contribution> Signals);

    /// <summary>Something that not every variant can serve.</summary>
    internal sealed record Need(string Name, string Param);

    /// <summary>A candidate's judgement.</summary>
    internal sealed record Other(string Weights, string Tier, bool Agrees);
}
