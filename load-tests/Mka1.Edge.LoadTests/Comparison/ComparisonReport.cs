using System.Globalization;
using System.Text;
using Mka1.Edge.LoadTests.Measuring;

namespace Mka1.Edge.LoadTests.Comparison;

/// <summary>A comparison in Markdown.</summary>
internal static class ComparisonReport
{
    private const double MiB = 1024 * 1024;

    public static string Write(ComparisonResult result)
    {
        var text = new StringBuilder();
        var options = result.Options;
        Line(text, $"# Gateways compared, {TimeProvider.System.GetLocalNow():yyyy-MM-dd HH:mm}");
        Line(text, $"");
        Line(text, $"`{options.Command}`, {options.Rounds} interleaved rounds of {options.Seconds} s for each side and kind of load; {options.Connections} requests in flight, streams of {options.Deltas} deltas, {(options.InterTokenTime == 0 ? "as fast as they can be written" : $"{options.InterTokenTime} ms apart")}.");
        Line(text, $"Medians of the rounds, in parentheses least and most. \"Of YARP\" is the median of the ratios of the same round. Client, side and model server share the machine.");
        Line(text, $"");
        Line(text, $"{Machine.Describe()}. {options.Versions}.");
        Line(text, $"");
        Throughput(text, result);
        Usage(text, result);
        Latency(text, result);
        Goals(text, result);
        return text.ToString();
    }

    private static void Throughput(StringBuilder text, ComparisonResult result)
    {
        Line(text, $"| side | JSON, requests/s | of YARP | SSE, events/s | of YARP |");
        Line(text, $"|---|---|---|---|---|");
        foreach (var (side, samples) in result.Samples)
        {
            Line(text, $"| {side} | {Statistics.Spread(samples.Json.Select(s => s.Load.RequestsPerSecond), "F0")} | {Ratio(result, side, s => s.Json, s => s.Load.RequestsPerSecond)} | {Statistics.Spread(samples.Sse.Select(s => s.Load.EventsPerSecond), "F0")} | {Ratio(result, side, s => s.Sse, s => s.Load.EventsPerSecond)} |");
        }

        Line(text, $"");
        var direct = result.Samples[SideNames.Direct];
        Line(text, $"The client used {Statistics.Spread(direct.Json.Select(s => s.ClientCores), "F2")} cores of {Environment.ProcessorCount} on the direct way with JSON, {Statistics.Spread(direct.Sse.Select(s => s.ClientCores), "F2")} with SSE. Requests that failed, all sides and rounds: {result.Failures}.");
        Line(text, $"");
    }

    private static void Usage(StringBuilder text, ComparisonResult result)
    {
        Line(text, $"Processor time of the side's own processes (Redis and Postgres not among them), and their resident memory after all of it:");
        Line(text, $"");
        Line(text, $"| side | CPU s per 1,000 requests | of YARP | CPU s per 1,000 streams | of YARP | resident, MiB | of YARP |");
        Line(text, $"|---|---|---|---|---|---|---|");
        foreach (var (side, samples) in result.Samples.Where(pair => pair.Key != SideNames.Direct))
        {
            Line(text, $"| {side} | {Statistics.Spread(samples.Json.Select(s => s.ProcessorPerThousand), "F3")} | {Ratio(result, side, s => s.Json, s => s.ProcessorPerThousand)} | {Statistics.Spread(samples.Sse.Select(s => s.ProcessorPerThousand), "F3")} | {Ratio(result, side, s => s.Sse, s => s.ProcessorPerThousand)} | {Statistics.Spread(samples.Paced.Select(s => s.ResidentBytes / MiB), "F0")} | {Ratio(result, side, s => s.Paced, s => s.ResidentBytes)} |");
        }

        Line(text, $"");
    }

    private static void Latency(StringBuilder text, ComparisonResult result)
    {
        Line(text, $"JSON in an open loop at {result.Rate:F0} requests/s, in ms from when a request was due (20 % of what {SideNames.Edge} takes; a side that this would drown gets 20 % of its own). \"Added\" is the median of the differences to YARP in the same round:");
        Line(text, $"");
        Line(text, $"| side | requests/s | p50 | p99 | p99.9 | added p50 | added p99 | added p99.9 |");
        Line(text, $"|---|---|---|---|---|---|---|---|");
        foreach (var (side, samples) in result.Samples)
        {
            Line(text, $"| {side} | {result.Rates[side]:F0} | {Percentile(0.5)} | {Percentile(0.99)} | {Percentile(0.999)} | {Added(result, side, 0.5)} | {Added(result, side, 0.99)} | {Added(result, side, 0.999)} |");

            string Percentile(double share) => Statistics.Spread(samples.Paced.Select(sample => sample.Milliseconds(share)), "F3");
        }

        Line(text, $"");
    }

    private static void Goals(StringBuilder text, ComparisonResult result)
    {
        Line(text, $"| what | goal | found |");
        Line(text, $"|---|---|---|");
        Line(text, $"| JSON throughput, memory stores, of YARP | ≥ 0.70 | {Ratio(result, SideNames.Edge, s => s.Json, s => s.Load.RequestsPerSecond)} |");
        Line(text, $"| JSON throughput, stored in Postgres and Redis, of YARP | ≥ 0.40 | {Ratio(result, SideNames.EdgeStored, s => s.Json, s => s.Load.RequestsPerSecond)} |");
        Line(text, $"| JSON throughput, memory stores, of Portkey | ≥ 10 | {Statistics.Spread(result.Ratios(SideNames.Edge, SideNames.Portkey, s => s.Json, s => s.Load.RequestsPerSecond), "F2")} |");
        Line(text, $"| added p50 over YARP, ms | ≤ 0.15 | {Added(result, SideNames.Edge, 0.5)} |");
        Line(text, $"| added p99 over YARP, ms | ≤ 1 | {Added(result, SideNames.Edge, 0.99)} |");
        Line(text, $"| SSE events, unstored, of YARP | ≥ 0.85 | {Ratio(result, SideNames.Edge, s => s.Sse, s => s.Load.EventsPerSecond)} |");
        Line(text, $"| SSE events, stored with stream log, of YARP | ≥ 0.60 | {Ratio(result, SideNames.EdgeStored, s => s.Sse, s => s.Load.EventsPerSecond)} |");
    }

    private static string Ratio(ComparisonResult result, string side, Func<SideSamples, List<Sample>> samples, Func<Sample, double> value) =>
        Statistics.Spread(result.Ratios(side, SideNames.Yarp, samples, value), "F2");

    private static string Added(ComparisonResult result, string side, double share) =>
        Statistics.Spread(result.Differences(side, SideNames.Yarp, samples => samples.Paced, sample => sample.Milliseconds(share)), "F3");

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
