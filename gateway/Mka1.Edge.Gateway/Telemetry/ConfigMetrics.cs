using System.Diagnostics.Metrics;
using Mka1.Edge.Gateway.Reload;

namespace Mka1.Edge.Gateway.Telemetry;

/// <summary>The instruments of the configuration; <c>gateway/METRICS.md</c> says the same in words.</summary>
internal sealed class ConfigMetrics
{
    public ConfigMetrics(IMeterFactory meters, ConfigReloader reloader)
    {
        var meter = meters.Create(EdgeMetrics.MeterName);
        meter.CreateObservableCounter("mka1.edge.config.reloads", () => Reloads(reloader.Current), "{configuration}", "Configurations that came into use, and that were refused.");
        meter.CreateObservableGauge("mka1.edge.config.faulty", () => reloader.Current.Fault is null ? 0 : 1, "1", "1 when the file, as it was last read, cannot be used and the one before stays.");
    }

    private static Measurement<long>[] Reloads(ReloadReport report) =>
    [
        new(report.Applied, new KeyValuePair<string, object?>("mka1.edge.config.outcome", "applied")),
        new(report.Refused, new KeyValuePair<string, object?>("mka1.edge.config.outcome", "refused")),
    ];
}
