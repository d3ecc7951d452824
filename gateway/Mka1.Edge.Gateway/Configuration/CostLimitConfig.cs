namespace Mka1.Edge.Gateway.Configuration;

/// <summary>A budget: at most <see cref="Limit"/> to be spent in any stretch of time as long as the window.</summary>
public sealed record CostLimitConfig
{
    /// <summary><c>second</c>, <c>minute</c>, <c>hour</c>, <c>day</c> or <c>month</c> (30 days).</summary>
    public string Window { get; init; } = "";

    /// <summary>Cost allowed, in the currency of the variants' prices (0.000001–1,000,000).</summary>
    public decimal Limit { get; init; }
}
