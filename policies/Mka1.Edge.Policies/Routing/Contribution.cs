namespace Mka1.Edge.Policies.Routing;

/// <summary>One signal: what it adds to the level, and the reason in words.</summary>
public readonly record struct Contribution(float Points, string Reason);
