using Mka1.Edge.Policies.Canary;

namespace Mka1.Edge.Policies.Routing;

/// <summary>Where a request goes.</summary>
public abstract record RoutingDecision
{
    private RoutingDecision() { }

    /// <summary>To <paramref name="Variant"/>. <paramref name="Complexity"/> is set when auto_routing chose it.</summary>
    public sealed record Routed(ModelFamily Family, ModelVariant Variant, ComplexityScore? Complexity) : RoutingDecision
    {
        /// <summary>Which of the variant's pools it goes to.</summary>
        public RouteArm Arm { get; init; }
    }

    /// <summary>No model has that name, or the key may not use it (404, alike on purpose).</summary>
    public sealed record UnknownModel : RoutingDecision
    {
        public static readonly UnknownModel Instance = new();
    }

    /// <summary>No variant the request may use can serve <paramref name="Need"/> (400).</summary>
    public sealed record Unsupported(CapabilityNeed Need, ModelVariant Nearest) : RoutingDecision;
}
