namespace Mka1.Edge.Policies.Balancing;

/// <summary>How a destination is chosen among those that take requests.</summary>
public enum BalancingPolicy
{
    /// <summary>By affinity where a request has something to be kept together by, else by load.</summary>
    Affinity,

    /// <summary>The one with the least to do, by our own requests under way and by what it reports.</summary>
    LoadAware,

    /// <summary>The one with the fewest of our own requests under way.</summary>
    LeastOutstanding,

    /// <summary>One after the other.</summary>
    RoundRobin,

    /// <summary>Any.</summary>
    Random,
}
