using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Mka1.Edge.Telemetry;

/// <summary>Writes metrics in the text format of Prometheus, version 0.0.4, with names as OpenTelemetry's compatibility rules give them.</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Writes one metric with all its series. One whose number is none has gone, and is left out.</summary>
    public static void Append(StringBuilder text, Metric metric)
    {
        var kind = metric.MetricType.IsHistogram() ? "histogram" : IsCounter(metric.MetricType) ? "counter" : "gauge";
        var name = Name(metric.Name, metric.Unit) + (kind == "counter" ? "_total" : "");
        Head(text, name, metric.Description, kind);
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            if (kind == "histogram")
                Histogram(text, name, point);
            else if (Value(metric.MetricType, point) is var value && !double.IsNaN(value))
                Sample(text, name, point.Tags, null, value);
        }
    }

    /// <summary>Writes a fact.</summary>
    public static void Append(StringBuilder text, InfoMetric fact)
    {
        var name = Name(fact.Name, "");
        Head(text, name, fact.Description, "gauge");
        text.Append(name);
        var separator = '{';
        foreach (var (key, value) in fact.Labels()) Label(text, ref separator, Name(key, ""), value);
        if (separator == ',') text.Append('}');
        text.Append(" 1\n");
    }

    /// <summary>The name of a series: dots become underscores, and the unit is part of it.</summary>
    public static string Name(string name, string unit)
    {
        var plain = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c == '_' ? c : '_'));
        return unit switch
        {
            "s" => plain + "_seconds",
            "By" => plain + "_bytes",
            _ => plain,
        };
    }

    private static void Head(StringBuilder text, string name, string description, string kind)
    {
        text.Append("# HELP ").Append(name).Append(' ').Append(description.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)).Append('\n');
        text.Append("# TYPE ").Append(name).Append(' ').Append(kind).Append('\n');
    }

    private static bool IsCounter(MetricType type) => type is MetricType.LongSum or MetricType.DoubleSum;

    private static double Value(MetricType type, in MetricPoint point) => type switch
    {
        MetricType.LongSum or MetricType.LongSumNonMonotonic => point.GetSumLong(),
        MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => point.GetSumDouble(),
        MetricType.LongGauge => point.GetGaugeLastValueLong(),
        _ => point.GetGaugeLastValueDouble(),
    };

    private static void Histogram(StringBuilder text, string name, in MetricPoint point)
    {
        long below = 0;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            below += bucket.BucketCount;
            Sample(text, name + "_bucket", point.Tags, double.IsPositiveInfinity(bucket.ExplicitBound) ? "+Inf" : Number(bucket.ExplicitBound), below);
        }
        Sample(text, name + "_sum", point.Tags, null, point.GetHistogramSum());
        Sample(text, name + "_count", point.Tags, null, point.GetHistogramCount());
    }

    private static void Sample(StringBuilder text, string name, ReadOnlyTagCollection tags, string? bound, double value)
    {
        text.Append(name);
        var separator = '{';
        foreach (var (key, tag) in tags)
            Label(text, ref separator, Name(key, ""), Convert.ToString(tag, CultureInfo.InvariantCulture) ?? "");
        if (bound is not null)
            Label(text, ref separator, "le", bound);
        if (separator == ',')
            text.Append('}');
        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static void Label(StringBuilder text, ref char separator, string key, string value)
    {
        text.Append(separator).Append(key).Append("=\"");
        text.Append(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal));
        text.Append('"');
        separator = ',';
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
