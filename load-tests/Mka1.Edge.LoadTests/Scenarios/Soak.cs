using System.Globalization;
using System.Text.Json.Nodes;
using Mka1.Edge.LoadTests.Measuring;
using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.LoadTests.Scenarios;

/// <summary><c>soak</c>.</summary>
internal sealed class Soak : LoadScenario
{
    private const int Tenants = 100;
    private const int KeysOfATenant = 100;
    private const int EndUsers = 100_000;
    private const int Samples = 60;
    private const double MiB = 1024 * 1024;
    private const double Goal = 1;
    private const double GoalMinutes = 10;
    private const double PartToWarmUp = 1 / 3.0;

    private static readonly string Json = Bodies.Create();
    private static readonly string Stream = Bodies.Create("deltas=20", stream: true);

    private readonly string[] _keys = [.. Enumerable.Range(0, Tenants * KeysOfATenant).Select(_ => ApiKeyFormat.Create())];
    private readonly List<(double Minutes, double MiB)> _memory = [];

    public override string Name => "soak";

    public override string Summary => "10,000 keys and 100,000 end users, half of the answers streams; how memory grows is measured. Half an hour: --seconds 1800.";

    public override double Rate => 200;

    public override void Configure(JsonObject configuration, ScenarioOptions options)
    {
        var tenants = (JsonObject)configuration["tenants"]!;
        for (var tenant = 0; tenant < Tenants; tenant++)
        {
            var keys = new JsonObject();
            for (var key = 0; key < KeysOfATenant; key++)
            {
                var limits = ScenarioConfiguration.PerSecond(1000);
                limits["hash"] = ApiKeyFormat.HashText(_keys[(tenant * KeysOfATenant) + key]);
                keys[string.Create(CultureInfo.InvariantCulture, $"k{key}")] = limits;
            }

            tenants[string.Create(CultureInfo.InvariantCulture, $"tenant-{tenant}")] = new JsonObject { ["keys"] = keys, ["endUserLimits"] = ScenarioConfiguration.PerSecond(1000) };
        }
    }

    public override async ValueTask<Outcome> ArriveAsync(ScenarioBench bench, long number, CancellationToken cancellation)
    {
        // A stride that has no divisor in common with either: every key and every end user comes, in no order.
        var pick = number * 7919;
        var answer = await bench.SendAsync(
            number % 2 == 0 ? Json : Stream, key: _keys[pick % _keys.Length], endUser: string.Create(CultureInfo.InvariantCulture, $"user-{pick % EndUsers}"), cancellation: cancellation);
        return Outcome.Of(answer.Status, kind: number % 2 == 0 ? "JSON" : "streams");
    }

    public override async Task AlongsideAsync(ScenarioBench bench, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(bench.Options.Time / Samples);
        while (await timer.WaitForNextTickAsync(cancellation)) _memory.Add((TimeProvider.System.GetElapsedTime(bench.Began).TotalMinutes, bench.Gateway.ResidentBytes / MiB));
    }

    public override async IAsyncEnumerable<Fact> JudgeAsync(ScenarioBench bench, OpenLoopResult result)
    {
        await Task.CompletedTask;
        yield return Facts.NothingFailed(result);
        var warm = _memory.Skip((int)(_memory.Count * PartToWarmUp)).ToList();
        if (warm.Count > 2)
        {
            yield return Facts.AtMost(
                string.Create(CultureInfo.InvariantCulture, $"growth of resident memory (of {warm[^1].MiB:F0} MiB in the end) after {warm[0].Minutes:F1} min of warm-up"), Slope(warm) * GoalMinutes, Goal, "MiB in 10 min");
        }
    }

    /// <summary>Least squares.</summary>
    private static double Slope(List<(double Minutes, double MiB)> points)
    {
        var (x, y) = (points.Average(point => point.Minutes), points.Average(point => point.MiB));
        return points.Sum(point => (point.Minutes - x) * (point.MiB - y)) / points.Sum(point => (point.Minutes - x) * (point.Minutes - x));
    }
}
