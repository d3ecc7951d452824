namespace Mka1.Edge.Policies.Routing;

/// <summary>How hard a request looks: a signed sum of signals, the tier it asks for, and the signals in words.</summary>
public sealed record ComplexityScore(int Score, Tier DesiredTier, IReadOnlyList<string> Reasons);
