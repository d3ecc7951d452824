using static Mka1.Edge.Gateway.Configuration.ConfigChecks;

namespace Mka1.Edge.Gateway.Configuration;

/// <summary>Checks a configuration whole and reports every fault at once.</summary>
internal static class EdgeConfigValidator
{
    public static IReadOnlyList<string> Validate(EdgeConfig config)
    {
        var faults = new List<string>();
        PoolChecks.Check(config, faults);
        FamilyChecks.Check(config, faults);
        TenantChecks.Check(config, faults);
        QuotaChecks.Check(config, faults);
        RoutingChecks.Check(config, faults);
        SafetyChecks.Check(config, faults);
        AdminChecks.Check(config.Admin, faults);
        TransportChecks.Check(config, faults);
        TelemetryChecks.Check(config.Telemetry, faults);
        Limits(config, faults);
        State(config, faults);
        return faults;
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
