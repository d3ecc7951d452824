using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Mka1.Edge.Telemetry;

/// <summary>
/// Adds up, from its making on, what the meters of one host measure, and hands it out in the text format of Prometheus. A process may
/// hold several hosts: each has a meter factory of its own, and only meters of that factory count.
/// </summary>
public sealed class MetricsScraper : IDisposable
{
    /// <summary>What a scrape's text is.</summary>
    public const string ContentType = PrometheusText.ContentType;

    private readonly PrometheusExporter _exporter = new();
    private readonly MeterProvider _provider;
    private readonly IReadOnlyList<InfoMetric> _facts;

    /// <param name="factory">Made the meters.</param>
    /// <param name="meterName">The meters' name.</param>
    /// <param name="facts">Told at every scrape beside what is measured.</param>
    public MetricsScraper(IMeterFactory factory, string meterName, params IReadOnlyList<InfoMetric> facts)
    {
        _facts = facts;
        _provider = Sdk.CreateMeterProviderBuilder()
            .AddMeter(meterName)
            .AddView(instrument => ReferenceEquals(instrument.Meter.Scope, factory) ? null : MetricStreamConfiguration.Drop)
            .AddReader(new BaseExportingMetricReader(_exporter))
            .Build();
    }

    /// <summary>Everything as it stands, in the text format of Prometheus.</summary>
    public string Scrape() => _exporter.Scrape(_facts);

    /// <inheritdoc/>
    public void Dispose() => _provider.Dispose();
}
