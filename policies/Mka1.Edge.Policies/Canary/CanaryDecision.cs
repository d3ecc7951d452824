using Mka1.Edge.Policies.Routing;

namespace Mka1.Edge.Policies.Canary;

/// <summary>Where a request of a variant goes.</summary>
/// <param name="Variant">The variant as the chosen pool serves it.</param>
/// <param name="Arm">Which pool that is.</param>
public readonly record struct CanaryDecision(ModelVariant Variant, RouteArm Arm);
