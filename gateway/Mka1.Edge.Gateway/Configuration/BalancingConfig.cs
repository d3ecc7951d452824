using Mka1.Edge.Policies.Balancing;

namespace Mka1.Edge.Gateway.Configuration;

/// <summary>How a destination of a pool is chosen.</summary>
public sealed record BalancingConfig
{
    /// <summary>
    /// <c>affinity</c> keeps requests together that share a <c>prompt_cache_key</c>, a conversation or an earlier response, and goes by load
    /// otherwise; <c>loadAware</c> goes by own requests and reported load, <c>leastOutstanding</c> by own requests alone.
    /// </summary>
    public BalancingPolicy Policy { get; init; } = BalancingPolicy.Affinity;

    /// <summary>How many times its share of the requests under way affinity may give a destination (1–100).</summary>
    public double LoadFactor { get; init; } = 1.25;

    /// <summary>Requests under way that affinity may give a destination whatever the others have (0–100,000).</summary>
    public int FreeRequests { get; init; } = 4;
}
