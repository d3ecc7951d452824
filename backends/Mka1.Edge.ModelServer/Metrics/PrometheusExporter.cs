using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Mka1.Edge.ModelServer.Metrics;

/// <summary>Hands out what a meter provider has collected, in the text format of Prometheus, whenever it is asked.</summary>
/// <remarks>Knows nothing of whose metrics they are: any OpenTelemetry meter provider can have one as its reader.</remarks>
[ExportModes(ExportModes.Pull)]
internal sealed class PrometheusExporter : BaseExporter<Metric>, IPullMetricExporter
{
    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();

    public Func<int, bool>? Collect { get; set; }

    /// <summary>All metrics as they stand.</summary>
    public string Scrape()
    {
        lock (_lock)
        {
            _text.Clear();
            Collect?.Invoke(Timeout.Infinite);
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
