namespace Mka1.Edge.Gateway.Configuration;

/// <summary>How auto_routing chooses among the variants of a family.</summary>
public sealed record RoutingConfig
{
    /// <summary>Path of a weights file made by "routing train"; a changed file is taken up while the gateway runs. Left out: the weights of this release.</summary>
    public string? Weights { get; init; }

    /// <summary>Seconds between looks at the weights file (0.1–3,600).</summary>
    public double ReloadSeconds { get; init; } = 2;

    /// <summary>Shares of requests that the tiers are meant to get; the thresholds follow. Left out: the thresholds stay at those of the weights.</summary>
    public TierSharesConfig? TargetShares { get; init; }

    /// <summary>Mean cost that a request is meant to have, in place of shares; the thresholds follow (0–1,000,000).</summary>
    public double? TargetCost { get; init; }

    /// <summary>Relative cost of a request by tier, for the target cost.</summary>
    public TierCostsConfig Costs { get; init; } = new();

    /// <summary>Requests to look back on when thresholds follow a target (256–65,536).</summary>
    public int Window { get; init; } = 2048;

    /// <summary>Other weights that decide along, to be compared; left out, none do.</summary>
    public CandidateConfig? Candidate { get; init; }

    /// <summary>Requests that may be with pools in shadow at one time (0–1,000); what comes beyond is not mirrored.</summary>
    public int ShadowConcurrency { get; init; } = 8;
}
