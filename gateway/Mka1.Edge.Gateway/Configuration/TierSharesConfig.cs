namespace Mka1.Edge.Gateway.Configuration;

/// <summary>Shares of requests by tier; they add up to 1.</summary>
public sealed record TierSharesConfig
{
    /// <summary>Share of the cheapest tier (0–1).</summary>
    public double Quantized { get; init; }

    /// <summary>Share of the middle tier (0–1).</summary>
    public double Moe { get; init; }

    /// <summary>Share of the most capable tier (0–1).</summary>
    public double Dense { get; init; }
}
