namespace Mka1.Edge.Gateway.Configuration;

/// <summary>How much somebody may ask for. Everything listed must have room; what is left out is not limited.</summary>
public record QuotaLimitsConfig
{
    /// <summary>Request windows.</summary>
    public IReadOnlyList<WindowLimitConfig> Requests { get; init; } = [];

    /// <summary>Token windows, input and output together.</summary>
    public IReadOnlyList<WindowLimitConfig> Tokens { get; init; } = [];

    /// <summary>Budgets.</summary>
    public IReadOnlyList<CostLimitConfig> Cost { get; init; } = [];

    /// <summary>Requests in flight at once (1–100,000); null for no limit.</summary>
    public int? Concurrency { get; init; }
}
