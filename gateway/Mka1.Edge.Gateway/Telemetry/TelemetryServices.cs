using System.Diagnostics.Metrics;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Telemetry;

namespace Mka1.Edge.Gateway.Telemetry;

/// <summary>Registers the instruments, and what adds them up for whoever scrapes.</summary>
internal static class TelemetryServices
{
    public static IServiceCollection AddTelemetry(this IServiceCollection services)
    {
        services.AddSingleton<EdgeMetrics>();
        services.AddSingleton<RoutingMetrics>();
        services.AddSingleton<ConfigMetrics>();
        return services.AddSingleton(provider => new MetricsScraper(
            provider.GetRequiredService<IMeterFactory>(),
            EdgeMetrics.MeterName,
            ConfigurationInfo(provider.GetRequiredService<EdgeConfiguration>())));
    }

    private static InfoMetric ConfigurationInfo(EdgeConfiguration configuration) => new(
        "mka1.edge.config.info",
        "The configuration that this replica serves by.",
        () => [new("mka1.edge.config.version", configuration.Current.Version)]);
}
