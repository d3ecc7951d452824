namespace Mka1.Edge.Gateway.Configuration;

/// <summary>At most <see cref="Limit"/> requests or tokens in any stretch of time as long as the window.</summary>
public sealed record WindowLimitConfig
{
    /// <summary><c>second</c>, <c>minute</c>, <c>hour</c>, <c>day</c> or <c>month</c> (30 days).</summary>
    public string Window { get; init; } = "";

    /// <summary>Requests or tokens allowed (1–1,000,000,000,000).</summary>
    public long Limit { get; init; }
}
