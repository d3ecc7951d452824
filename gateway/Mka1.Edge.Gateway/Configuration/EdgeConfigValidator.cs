using Mka1.Edge.Policies.Routing;
using static Mka1.Edge.Gateway.Configuration.ConfigChecks;

namespace Mka1.Edge.Gateway.Configuration;

/// <summary>Checks a configuration whole and reports every fault at once.</summary>
internal static class EdgeConfigValidator
{
    public static IReadOnlyList<string> Validate(EdgeConfig config)
    {
        var faults = new List<string>();
        Spelling("pools", config.Pools.Keys, faults);
        foreach (var (name, pool) in config.Pools)
        {
            if (Present($"pools.{name}", pool, faults)) Pool($"pools.{name}", pool, faults);
        }

        Families(config, faults);
        TenantChecks.Check(config, faults);
        QuotaChecks.Check(config, faults);
        RoutingChecks.Check(config, faults);
        SafetyChecks.Check(config, faults);
        Limits(config, faults);
        State(config, faults);
        return faults;
    }

    private static void Pool(string key, PoolConfig pool, List<string> faults)
    {
        if (pool.Destinations.Count == 0) faults.Add($"{key}.destinations: at least one destination is needed.");
        Spelling($"{key}.destinations", pool.Destinations.Keys, faults);
        foreach (var (name, destination) in pool.Destinations)
        {
            if (!Present($"{key}.destinations.{name}", destination, faults)) continue;
            if (!Uri.TryCreate(destination.Address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
                faults.Add($"{key}.destinations.{name}.address: '{destination.Address}' is not an absolute http or https address.");
        }

        if (!pool.Path.StartsWith('/')) faults.Add($"{key}.path: '{pool.Path}' must begin with '/'.");
        Range(faults, $"{key}.connectTimeoutSeconds", pool.ConnectTimeoutSeconds, 0.1, 60);
        Range(faults, $"{key}.firstByteTimeoutSeconds", pool.FirstByteTimeoutSeconds, 1, 3600);
        Range(faults, $"{key}.idleTimeoutSeconds", pool.IdleTimeoutSeconds, 1, 3600);
    }

    private static void Families(EdgeConfig config, List<string> faults)
    {
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        void Claim(string name, string key)
        {
            if (!Present(key, name, faults)) return;
            if (name.Length == 0) faults.Add($"{key}: a model name may not be empty.");
            else if (!owners.TryAdd(name, key)) faults.Add($"{key}: the model name '{name}' is already taken by {owners[name]}.");
        }

        foreach (var (familyName, family) in config.Families)
        {
            var key = $"families.{familyName}";
            Claim(familyName, key);
            if (!Present(key, family, faults)) continue;
            for (var i = 0; i < family.Aliases.Count; i++) Claim(family.Aliases[i], $"{key}.aliases[{i}]");
            if (!family.Variants.ContainsKey(family.Default))
                faults.Add($"{key}.default: '{family.Default}' is not among the family's variants ({string.Join(", ", family.Variants.Keys)}).");

            foreach (var (tier, variant) in family.Variants)
            {
                var variantKey = $"{key}.variants.{tier}";
                if (!Present(variantKey, variant, faults)) continue;
                if (!TierNames.TryParse(tier, out _)) faults.Add($"{variantKey}: a variant is quantized, moe or dense.");
                if (variant.Model != familyName || tier != family.Default) Claim(variant.Model, $"{variantKey}.model");
                if (!config.Pools.ContainsKey(variant.Pool))
                    faults.Add($"{variantKey}.pool: there is no pool '{variant.Pool}' ({string.Join(", ", config.Pools.Keys)}).");
                if (variant.ContextWindow is { } window) Range(faults, $"{variantKey}.contextWindow", window, 1, 100_000_000);
                Range(faults, $"{variantKey}.inputPricePer1K", variant.InputPricePer1K, 0, 1_000);
                Range(faults, $"{variantKey}.outputPricePer1K", variant.OutputPricePer1K, 0, 1_000);
            }
        }
    }

    private static void Limits(EdgeConfig config, List<string> faults)
    {
        var limits = config.Limits;
        Range(faults, "limits.maxRequestBytes", limits.MaxRequestBytes, 1024, 268_435_456);
        Range(faults, "limits.maxResponseBytes", limits.MaxResponseBytes, 1024, 1_073_741_824);
        Range(faults, "limits.maxStreamBytes", limits.MaxStreamBytes, 1024, 4_294_967_296);
        Range(faults, "limits.maxEventBytes", limits.MaxEventBytes, 1024, 67_108_864);
        Range(faults, "limits.writeStallSeconds", limits.WriteStallSeconds, 1, 600);
        Range(faults, "limits.keepAliveSeconds", limits.KeepAliveSeconds, 1, 300);
        Range(faults, "limits.shutdownDelaySeconds", limits.ShutdownDelaySeconds, 0, 300);
        Range(faults, "limits.shutdownSeconds", limits.ShutdownSeconds, 1, 3600);
        Range(faults, "compatibility.maxToolCalls", config.Compatibility.MaxToolCalls, 1, 300);
    }

    private static void State(EdgeConfig config, List<string> faults)
    {
        var stores = config.Stores;
        if (stores.Postgres is { } postgres && string.IsNullOrWhiteSpace(postgres)) faults.Add("stores.postgres: a connection string is expected; leave it out to keep state in memory.");
        if (stores.Redis is { } redis && string.IsNullOrWhiteSpace(redis)) faults.Add("stores.redis: an address is expected; leave it out to keep streams in memory.");
        if (stores.EncryptionKey is { Length: < 16 }) faults.Add("stores.encryptionKey: at least 16 characters are needed.");
        Range(faults, "stores.retentionDays", stores.RetentionDays, 1, 3650);
        Range(faults, "stores.streamLogHours", stores.StreamLogHours, 0.01, 168);
        Range(faults, "stores.streamWindowBytes", stores.StreamWindowBytes, 16_384, 67_108_864);
        Range(faults, "stores.disconnectGraceSeconds", stores.DisconnectGraceSeconds, 0, 3600);
        Range(faults, "stores.leaseSeconds", stores.LeaseSeconds, 1, 300);
        Range(faults, "stores.maxChainLength", stores.MaxChainLength, 1, 10_000);
        Range(faults, "stores.storePatienceSeconds", stores.StorePatienceSeconds, 0, 300);
        Range(faults, "background.workers", config.Background.Workers, 1, 10_000);
        Range(faults, "background.perTenant", config.Background.PerTenant, 1, 10_000);
        Range(faults, "background.pollSeconds", config.Background.PollSeconds, 0.05, 60);
        Range(faults, "background.drainSeconds", config.Background.DrainSeconds, 0, 3600);
        Range(faults, "webhooks.workers", config.Webhooks.Workers, 1, 1000);
        Range(faults, "webhooks.perReceiver", config.Webhooks.PerReceiver, 1, 100);
        Range(faults, "webhooks.timeoutSeconds", config.Webhooks.TimeoutSeconds, 1, 60);
    }
}
