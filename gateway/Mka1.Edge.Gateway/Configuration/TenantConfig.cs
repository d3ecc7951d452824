namespace Mka1.Edge.Gateway.Configuration;

/// <summary>One tenant: its keys and those it has blocked.</summary>
public sealed record TenantConfig
{
    /// <summary>API keys by their public id.</summary>
    public IReadOnlyDictionary<string, KeyConfig> Keys { get; init; } = new Dictionary<string, KeyConfig>();

    /// <summary>Safety identifiers whose requests are refused.</summary>
    public IReadOnlyList<string> BlockedSafetyIdentifiers { get; init; } = [];
}
