namespace Mka1.Edge.Policies.Balancing;

/// <summary>What requests are kept together by.</summary>
/// <param name="Hash">The same for requests that belong together.</param>
/// <param name="Binds">Whether it outweighs a difference in load, or only decides among equals.</param>
public readonly record struct AffinityKey(ulong Hash, bool Binds);
