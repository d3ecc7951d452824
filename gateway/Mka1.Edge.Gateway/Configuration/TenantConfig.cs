namespace Mka1.Edge.Gateway.Configuration;

/// <summary>One tenant: its keys, its limits and those it has blocked.</summary>
public sealed record TenantConfig
{
    /// <summary>API keys by their public id.</summary>
    public IReadOnlyDictionary<string, KeyConfig> Keys { get; init; } = new Dictionary<string, KeyConfig>();

    /// <summary>Safety identifiers whose requests are refused.</summary>
    public IReadOnlyList<string> BlockedSafetyIdentifiers { get; init; } = [];

    /// <summary>Who is told when a subject goes from one rung to another; nobody when left out.</summary>
    public SafetyWebhookConfig? SafetyWebhook { get; init; }

    /// <summary>Limits of all its keys together; null for those of <c>quotas</c>.</summary>
    public QuotaLimitsConfig? Limits { get; init; }

    /// <summary>Limits of each of its end users; null for those of <c>quotas</c>.</summary>
    public QuotaLimitsConfig? EndUserLimits { get; init; }
}
