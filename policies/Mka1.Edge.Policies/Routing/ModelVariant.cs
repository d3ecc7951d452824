using Mka1.Edge.Policies.Canary;
using Mka1.Edge.Policies.Quota;

namespace Mka1.Edge.Policies.Routing;

/// <summary>One member of a family.</summary>
/// <param name="Model">The name clients may ask for.</param>
/// <param name="Tier">Its place in the family.</param>
/// <param name="Pool">The pool of model servers that serves it.</param>
/// <param name="UpstreamModel">The name those servers know it by.</param>
/// <param name="Capabilities">What it can take.</param>
/// <param name="Price">What its tokens cost.</param>
public sealed record ModelVariant(string Model, Tier Tier, string Pool, string UpstreamModel, ModelCapabilities Capabilities, Price Price = default)
{
    /// <summary>A share of its requests that goes to another pool; null for none.</summary>
    public CanaryRule? Canary { get; init; }

    /// <summary>A share of its requests that another pool is sent too; null for none.</summary>
    public ShadowRule? Shadow { get; init; }
}
