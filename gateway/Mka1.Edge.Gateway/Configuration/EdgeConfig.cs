namespace Mka1.Edge.Gateway.Configuration;

/// <summary>The whole of <c>config/edge.json</c>: immutable input, read once, validated whole, then compiled into a snapshot.</summary>
public sealed record EdgeConfig
{
    /// <summary>Where the JSON schema of this file lies; for editors only.</summary>
    [System.Text.Json.Serialization.JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    /// <summary>Pools of model servers by name.</summary>
    public IReadOnlyDictionary<string, PoolConfig> Pools { get; init; } = new Dictionary<string, PoolConfig>();

    /// <summary>Model families by name.</summary>
    public IReadOnlyDictionary<string, FamilyConfig> Families { get; init; } = new Dictionary<string, FamilyConfig>();

    /// <summary>Tenants by id.</summary>
    public IReadOnlyDictionary<string, TenantConfig> Tenants { get; init; } = new Dictionary<string, TenantConfig>();

    /// <summary>Limits on what one request may cost the gateway.</summary>
    public LimitsConfig Limits { get; init; } = new();

    /// <summary>How quotas are kept, and the limits of those for whom nothing else is said.</summary>
    public QuotasConfig Quotas { get; init; } = new();

    /// <summary>What the API does where the published sources differ.</summary>
    public CompatibilityConfig Compatibility { get; init; } = new();

    /// <summary>Abuse: how callers' safety identifiers are kept, what raises a score, and what a score leads to.</summary>
    public SafetyConfig Safety { get; init; } = new();

    /// <summary>How auto_routing chooses.</summary>
    public RoutingConfig Routing { get; init; } = new();

    /// <summary>Where state is kept.</summary>
    public StoresConfig Stores { get; init; } = new();

    /// <summary>How background responses are worked off.</summary>
    public BackgroundConfig Background { get; init; } = new();

    /// <summary>How webhooks are delivered.</summary>
    public WebhooksConfig Webhooks { get; init; } = new();

    /// <summary>The listener for operators.</summary>
    public AdminConfig Admin { get; init; } = new();

    /// <summary>What the gateway tells of itself.</summary>
    public TelemetryConfig Telemetry { get; init; } = new();

    /// <summary>How a changed file is noticed.</summary>
    public ReloadConfig Reload { get; init; } = new();

    /// <summary>The certificate of https addresses. Whether there is one is read at the start only.</summary>
    [Restart]
    public TlsConfig? Tls { get; init; }

    /// <summary>Which web pages may call the API from a browser.</summary>
    public CorsConfig Cors { get; init; } = new();
}
