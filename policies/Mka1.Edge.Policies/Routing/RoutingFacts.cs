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
    ComplexityFacts Complexity)
{
    /// <summary>Where the tiers begin now; the standard thresholds when null.</summary>
    public TierThresholds? Thresholds { get; init; }

    /// <summary>Whether reasons are wanted.</summary>
    public bool Explain { get; init; } = true;

    /// <summary>The tier that served the conversation so far; it only moves up.</summary>
    public Tier? Before { get; init; }

    /// <summary>Says whether a pool has a server that can be reached; all have when null.</summary>
    public Func<string, bool>? Healthy { get; init; }
}
