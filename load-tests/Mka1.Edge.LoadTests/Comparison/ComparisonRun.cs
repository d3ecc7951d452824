using System.Globalization;
using Mka1.Edge.LoadTests.Measuring;

namespace Mka1.Edge.LoadTests.Comparison;

/// <summary>Loads the sides in turn, round after round, each coming first as often as the others.</summary>
internal sealed class ComparisonRun(ComparisonOptions options, SideSet set, TextWriter progress)
{
    private const double ShareOfCapacity = 0.2;

    private readonly Dictionary<string, SideSamples> _samples = set.Sides.ToDictionary(side => side.Name, _ => new SideSamples());

    public async Task<ComparisonResult> RunAsync()
    {
        foreach (var side in set.Sides)
        {
            await progress.WriteLineAsync($"warming up {side.Name}");
            await SideLoad.WarmUpAsync(side.Server, side.Json, options.Connections);
            await SideLoad.WarmUpAsync(side.Server, side.Sse, options.Connections);
        }

        var time = TimeSpan.FromSeconds(options.Seconds);
        await RoundsAsync("JSON", samples => samples.Json, side => SideLoad.ClosedAsync(side.Server, side.Json, options.Connections, time), load => $"{load.RequestsPerSecond:F0} requests/s");
        await RoundsAsync("SSE", samples => samples.Sse, side => SideLoad.ClosedAsync(side.Server, side.Sse, options.Connections, time), load => $"{load.EventsPerSecond:F0} events/s");
        var rate = options.Rate ?? ShareOfCapacity * Capacity(Reference);
        await RoundsAsync("paced", samples => samples.Paced, side => SideLoad.OpenAsync(side.Server, side.Json, RateFor(side, rate), time), load => $"p50 {load.Latency.Percentile(0.5).TotalMilliseconds:F3} ms, p99 {load.Latency.Percentile(0.99).TotalMilliseconds:F3} ms");
        return new ComparisonResult(options, rate, set.Sides.ToDictionary(side => side.Name, side => RateFor(side, rate)), _samples);
    }

    /// <summary>The side whose capacity the rate is a part of.</summary>
    private string Reference => _samples.ContainsKey(SideNames.Edge) ? SideNames.Edge : set.Sides[^1].Name;

    /// <summary>The same for all; a side that the rate would drown gets 20 % of what it can take itself.</summary>
    private double RateFor(Side side, double rate) => Capacity(side.Name) < 2 * rate ? ShareOfCapacity * Capacity(side.Name) : rate;

    private double Capacity(string side) => Statistics.Median(_samples[side].Json.Select(sample => sample.Load.RequestsPerSecond));

    private async Task RoundsAsync(string kind, Func<SideSamples, List<Sample>> into, Func<Side, Task<LoadResult>> load, Func<LoadResult, FormattableString> tell)
    {
        for (var round = 0; round < options.Rounds; round++)
        {
            var first = round % set.Sides.Count;
            foreach (var side in set.Sides.Skip(first).Concat(set.Sides.Take(first)))
            {
                var sample = await MeasureAsync(side, load);
                into(_samples[side.Name]).Add(sample);
                await progress.WriteLineAsync($"{kind} round {round + 1}/{options.Rounds} {side.Name,-11} {tell(sample.Load).ToString(CultureInfo.InvariantCulture)}{Failures(sample.Load)}");
            }
        }
    }

    private static async Task<Sample> MeasureAsync(Side side, Func<Side, Task<LoadResult>> load)
    {
        var (before, client) = (side.Usage, Environment.CpuUsage.TotalTime);
        var result = await load(side);
        var after = side.Usage;
        return new Sample(result, after.Processor - before.Processor, after.ResidentBytes, (Environment.CpuUsage.TotalTime - client) / result.Elapsed);
    }

    private static string Failures(LoadResult load) => load.Failures.Count == 0 ? "" : $" FAILED {string.Join(", ", load.Failures.Select(pair => $"{pair.Value} x {pair.Key}"))}";
}
