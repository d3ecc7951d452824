using Mka1.Edge.Policies.Routing;

namespace Mka1.Edge.Policies.Canary;

/// <summary>A share of a variant's requests that goes to another pool.</summary>
/// <param name="Variant">The variant as that pool serves it.</param>
/// <param name="Percent">The share, 0 to 100.</param>
/// <param name="By">What stays together.</param>
public sealed record CanaryRule(ModelVariant Variant, double Percent, CanaryKey By);
