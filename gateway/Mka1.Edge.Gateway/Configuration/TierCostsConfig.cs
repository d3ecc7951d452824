namespace Mka1.Edge.Gateway.Configuration;

/// <summary>Relative cost of a request by tier, rising.</summary>
public sealed record TierCostsConfig
{
    /// <summary>Of the cheapest tier (0–1,000,000).</summary>
    public double Quantized { get; init; } = 1;

    /// <summary>Of the middle tier (0–1,000,000).</summary>
    public double Moe { get; init; } = 3;

    /// <summary>Of the most capable tier (0–1,000,000).</summary>
    public double Dense { get; init; } = 10;
}
