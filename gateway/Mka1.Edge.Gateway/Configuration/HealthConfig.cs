namespace Mka1.Edge.Gateway.Configuration;

/// <summary>How it is found out which servers of a pool are well.</summary>
public sealed record HealthConfig
{
    /// <summary>Probes that ask every server how it is.</summary>
    public ActiveHealthConfig Active { get; init; } = new();

    /// <summary>What real requests tell.</summary>
    public PassiveHealthConfig Passive { get; init; } = new();
}
