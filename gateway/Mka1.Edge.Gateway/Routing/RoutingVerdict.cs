using Mka1.Edge.Policies.Routing;

namespace Mka1.Edge.Gateway.Routing;

/// <summary>A routing decision, and what it was made from.</summary>
/// <param name="Decision">The decision.</param>
/// <param name="Entry">What the model's name stands for; null when unknown.</param>
/// <param name="Facts">What was looked at.</param>
/// <param name="Model">The weights that decided.</param>
internal readonly record struct RoutingVerdict(RoutingDecision Decision, CatalogEntry? Entry, RoutingFacts Facts, RoutingModel Model);
