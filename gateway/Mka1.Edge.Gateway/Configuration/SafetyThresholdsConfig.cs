namespace Mka1.Edge.Gateway.Configuration;

/// <summary>The scores from which the rungs hold, each larger than the one before (0.001–1,000,000).</summary>
public sealed record SafetyThresholdsConfig
{
    /// <summary>Served, and told so.</summary>
    public double Warn { get; init; } = 10;

    /// <summary>Served late.</summary>
    public double Slow { get; init; } = 20;

    /// <summary>Served late, and a person should look.</summary>
    public double Review { get; init; } = 40;

    /// <summary>Refused.</summary>
    public double Block { get; init; } = 80;
}
