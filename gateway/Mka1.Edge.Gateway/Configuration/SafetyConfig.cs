namespace Mka1.Edge.Gateway.Configuration;

/// <summary>How callers' safety identifiers are kept.</summary>
public sealed record SafetyConfig
{
    /// <summary>Secret under which identifiers are hashed; a random one for this process when left out.</summary>
    public string? HashKey { get; init; }
}
