using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Mka1.Edge.Telemetry;

/// <summary>Hands out what a meter provider has collected, in the text format of Prometheus, whenever it is asked.</summary>
/// <remarks>Knows nothing of whose metrics they are: any OpenTelemetry meter provider can have one as its reader.</remarks>
[ExportModes(ExportModes.Pull)]
internal sealed class PrometheusExporter : BaseExporter<Metric>, IPullMetricExporter
{
    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();

    public Func<int, bool>? Collect { get; set; }

    /// <summary>All metrics as they stand.</summary>
    /// <param name="facts">Written behind them.</param>
    public string Scrape(IReadOnlyList<InfoMetric> facts)
    {
        lock (_lock)
        {
            _text.Clear();
            Collect?.Invoke(Timeout.Infinite);
            foreach (var fact in facts) PrometheusText.Append(_text, fact);
            return _text.ToString();
        }
    }

    public override ExportResult Export(in Batch<Metric> batch)
    {
        foreach (var metric in batch)
            PrometheusText.Append(_text, metric);
        return ExportResult.Success;
    }
}
