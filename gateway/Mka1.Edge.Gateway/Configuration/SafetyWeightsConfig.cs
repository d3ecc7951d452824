namespace Mka1.Edge.Gateway.Configuration;

/// <summary>What each kind of signal adds to a score (0–1,000,000); 0 counts it and does nothing else.</summary>
public sealed record SafetyWeightsConfig
{
    /// <summary>The model refused to answer.</summary>
    public double ModelRefusal { get; init; } = 2;

    /// <summary>A request was refused because a quota was used up.</summary>
    public double QuotaRefusal { get; init; } = 0.2;

    /// <summary>A refused request beyond <c>clientErrorsPerMinute</c>.</summary>
    public double ClientError { get; init; } = 0.1;

    /// <summary>An operator's mark that names no weight of its own.</summary>
    public double OperatorMark { get; init; } = 20;
}
