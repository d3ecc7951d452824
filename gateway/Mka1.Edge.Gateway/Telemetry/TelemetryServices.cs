using System.Diagnostics.Metrics;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Telemetry;

namespace Mka1.Edge.Gateway.Telemetry;

/// <summary>Registers the instruments, what adds them up for whoever scrapes, and what sends them, traces and log lines elsewhere.</summary>
internal static class TelemetryServices
{
    private const string Service = "mka1-edge-gateway";

    public static void AddTelemetry(this WebApplicationBuilder builder, TelemetryConfig telemetry)
    {
        var services = builder.Services;
        services.AddSingleton<EdgeMetrics>();
        services.AddSingleton<RoutingMetrics>();
        services.AddSingleton<ConfigMetrics>();
        services.AddSingleton<EdgeTracing>();
        services.AddSingleton(provider => new MetricsScraper(
            provider.GetRequiredService<IMeterFactory>(),
            EdgeMetrics.MeterName,
            ConfigurationInfo(provider.GetRequiredService<EdgeConfiguration>())));
        if (telemetry.LogFormat == LogFormat.Json) builder.Logging.AddEdgeJsonConsole();
        if (OtlpTarget.Of(Service, telemetry.OtlpEndpoint, telemetry.OtlpProtocol, telemetry.SamplingRatio) is not { } target) return;
        services.AddSingleton(provider => new OtlpPush(target, provider.GetRequiredService<IMeterFactory>(), EdgeMetrics.MeterName));
        if (telemetry.OtlpLogs) builder.Logging.AddOtlp(target);
    }

    /// <summary>From here on what happens is sent, where the configuration says so.</summary>
    public static void Begin(IServiceProvider services)
    {
        if (services.GetService<OtlpPush>() is not null) MakeAll(services);
    }

    /// <summary>Makes every instrument: one that nobody made tells nothing.</summary>
    public static void MakeAll(IServiceProvider services)
    {
        services.GetRequiredService<EdgeMetrics>();
        services.GetRequiredService<RoutingMetrics>();
        services.GetRequiredService<ConfigMetrics>();
        services.GetRequiredService<PoolMetrics>();
    }

    private static InfoMetric ConfigurationInfo(EdgeConfiguration configuration) => new(
        "mka1.edge.config.info",
        "The configuration that this replica serves by.",
        () => [new("mka1.edge.config.version", configuration.Current.Version)]);
}
