using System.Globalization;
using System.Text;
using System.Text.Json;
using Mka1.Edge.LoadTests.Measuring;

namespace Mka1.Edge.LoadTests.Running;

/// <summary>A report in Markdown and in JSON.</summary>
internal static class ReportWriter
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Markdown(ScenarioReport report)
    {
        var text = new StringBuilder();
        Line(text, $"## {report.Scenario}");
        Line(text, $"");
        Line(text, $"{report.Summary} {report.Options.Rate:F0} arrivals/s for {report.Options.Time.TotalSeconds:F0} s, {(report.Options.Stores ? "Postgres and Redis" : "memory")}. {Machine.Describe()}.");
        Line(text, $"");
        Line(text, $"| requests | as they should be | failed | p50 ms | p90 | p99 | p99.9 | longest | events | answers |");
        Line(text, $"|---|---|---|---|---|---|---|---|---|---|");
        foreach (var (kind, load) in report.Result.Kinds)
            Line(text, $"| {kind} | {load.Requests} | {load.Failed} | {Percentiles(load.Latency)} | {load.Events} | {Labels(load)} |");
        Line(text, $"");
        foreach (var (name, histogram) in report.Measures)
            Line(text, $"{name}: {histogram.Count}, p50 {histogram.Percentile(0.5).TotalMilliseconds:F2} ms, p99 {histogram.Percentile(0.99).TotalMilliseconds:F2} ms, longest {histogram.Max.TotalMilliseconds:F2} ms");
        Line(text, $"Times run from when a request was due; arrivals were begun p99 {report.Result.Lateness.Percentile(0.99).TotalMilliseconds:F2} ms late.");
        Line(text, $"");
        foreach (var fact in report.Facts) Line(text, $"- {(fact.Holds ? "holds" : "DOES NOT HOLD")}: {fact.Text}: {fact.Found}");
        return text.ToString();
    }

    public static string Json(ScenarioReport report) => JsonSerializer.Serialize(
        new
        {
            scenario = report.Scenario,
            at = TimeProvider.System.GetUtcNow(),
            machine = Machine.Describe(),
            rate = report.Options.Rate,
            seconds = report.Options.Time.TotalSeconds,
            stores = report.Options.Stores ? "local" : "memory",
            holds = report.Holds,
            facts = report.Facts.Select(fact => new { text = fact.Text, holds = fact.Holds, found = fact.Found }),
            requests = report.Result.Kinds.ToDictionary(kind => kind.Key, kind => new { ok = kind.Value.Requests, failed = kind.Value.Failed, events = kind.Value.Events, answers = kind.Value.Labels, milliseconds = Milliseconds(kind.Value.Latency) }),
            measures = report.Measures.ToDictionary(measure => measure.Key, measure => Milliseconds(measure.Value)),
            lateness = Milliseconds(report.Result.Lateness),
        },
        Readable);

    private static object Milliseconds(Histogram histogram) => new
    {
        count = histogram.Count,
        p50 = histogram.Percentile(0.5).TotalMilliseconds,
        p90 = histogram.Percentile(0.9).TotalMilliseconds,
        p99 = histogram.Percentile(0.99).TotalMilliseconds,
        p999 = histogram.Percentile(0.999).TotalMilliseconds,
        max = histogram.Max.TotalMilliseconds,
    };

    private static string Percentiles(Histogram histogram) => string.Join(
        " | ", new[] { histogram.Percentile(0.5), histogram.Percentile(0.9), histogram.Percentile(0.99), histogram.Percentile(0.999), histogram.Max }.Select(time => time.TotalMilliseconds.ToString("F2", CultureInfo.InvariantCulture)));

    private static string Labels(LoadResult load) => string.Join(", ", load.Labels.OrderByDescending(pair => pair.Value).Select(pair => $"{pair.Value} x {pair.Key}"));

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
