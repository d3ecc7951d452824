namespace Mka1.Edge.Policies.Routing;

/// <summary>All that routing looks at in a request.</summary>
/// <param name="Model">The model the client asked for.</param>
/// <param name="AutoRouting">Whether the client left the choice of variant to the gateway.</param>
/// <param name="Needs">Capabilities the request needs, in the order they stand in it.</param>
/// <param name="Complexity">What the classifier reads; looked at with <paramref name="AutoRouting"/> only.</param>
public sealed record RoutingFacts(
    string Model,
    bool AutoRouting,
    IReadOnlyList<CapabilityNeed> Needs,
    ComplexityFacts Complexity);
