namespace Mka1.Edge.Gateway.Configuration;

/// <summary>Other weights for auto_routing, which decide along and are never acted on.</summary>
public sealed record CandidateConfig
{
    /// <summary>Path of their file, made by "routing train"; a changed file is taken up while the gateway runs.</summary>
    public string Weights { get; init; } = "";
}
