using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Mka1.Edge.Gateway.Forwarding.Destinations;

/// <summary>
/// Reads the load that a model server reports of itself in the header of Open Request Cost Aggregation (ORCA), in its text or JSON
/// form (https://github.com/envoyproxy/envoy/issues/6614, https://github.com/cncf/xds/blob/main/xds/data/orca/v3/orca_load_report.proto).
/// The metrics' names are those of vLLM.
/// </summary>
internal static class LoadReportHeader
{
    public const string Name = "endpoint-load-metrics";

    /// <summary>Asks servers for the report that send it on request only (vLLM).</summary>
    public const string FormatName = "endpoint-load-metrics-format";

    private const string TextPrefix = "TEXT ";
    private const string JsonPrefix = "JSON ";
    private const string NamedPrefix = "named_metrics.";
    private const string Queued = "num_requests_waiting";
    private const string Active = "num_requests_running";
    private const string CacheUsed = "kv_cache_usage_perc";
    private const int LongestHeader = 4096;

    /// <summary>The load in an answer's headers; null when they say nothing that makes sense.</summary>
    public static (double Queued, double Active, double? CacheUsed)? Read(HttpResponseHeaders headers)
    {
        if (!headers.NonValidated.TryGetValues(Name, out var values) || values.Count != 1) return null;
        var value = values.ToString();
        if (value.Length > LongestHeader) return null;
        var report = default(Metrics);
        if (value.StartsWith(TextPrefix, StringComparison.Ordinal)) ReadText(value.AsSpan(TextPrefix.Length), ref report);
        else if (value.StartsWith(JsonPrefix, StringComparison.Ordinal)) ReadJson(value[JsonPrefix.Length..], ref report);
        return report.Queued is null && report.Active is null ? null : (report.Queued ?? 0, report.Active ?? 0, report.CacheUsed);
    }

    private static void ReadText(ReadOnlySpan<char> text, ref Metrics report)
    {
        foreach (var part in text.Split(','))
        {
            var metric = text[part].Trim();
            var equals = metric.IndexOf('=');
            if (equals < 0 || !double.TryParse(metric[(equals + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) continue;
            var name = metric[..equals].Trim();
            if (name.StartsWith(NamedPrefix)) Note(name[NamedPrefix.Length..], value, ref report);
        }
    }

    private static void ReadJson(string text, ref Metrics report)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            if (!document.RootElement.TryGetProperty("named_metrics"u8, out var named)) return;
            foreach (var metric in named.EnumerateObject())
            {
                if (metric.Value.TryGetDouble(out var value)) Note(metric.Name, value, ref report);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No report: the server is balanced by our own count.
        }
    }

    private static void Note(ReadOnlySpan<char> name, double value, ref Metrics report)
    {
        if (!double.IsFinite(value) || value < 0) return;
        if (name.SequenceEqual(Queued)) report.Queued = value;
        else if (name.SequenceEqual(Active)) report.Active = value;
        else if (name.SequenceEqual(CacheUsed)) report.CacheUsed = value;
    }

    private struct Metrics
    {
        public double? Queued;
        public double? Active;
        public double? CacheUsed;
    }
}
