namespace Mka1.Edge.Gateway.Configuration;

/// <summary>At most <see cref="Limit"/> requests in each window.</summary>
public sealed record RequestLimitConfig
{
    /// <summary><c>second</c>, <c>minute</c>, <c>hour</c> or <c>day</c>.</summary>
    public string Window { get; init; } = "";

    /// <summary>Requests allowed (1–1,000,000,000).</summary>
    public int Limit { get; init; }
}
