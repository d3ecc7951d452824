using System.Globalization;
using System.Text.Json.Nodes;
using Mka1.Edge.LoadTests.Measuring;
using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.LoadTests.Scenarios;

/// <summary><c>noisy-neighbour</c>.</summary>
internal sealed class NoisyNeighbour : LoadScenario
{
    private const int Limit = 10;
    private const int TimesTheLimit = 20;
    private const int Phases = 10;
    private const int TooMany = 429;
    private const double Goal = 1.2;
    private const string Alone = "others, alone";
    private const string Beside = "others, beside it";

    private static readonly string Body = Bodies.Create();

    private readonly string _noisy = ApiKeyFormat.Create();
    private readonly List<OpenLoopResult> _noise = [];

    private volatile string _phase = Alone;

    public override string Name => "noisy-neighbour";

    public override string Summary => "One tenant sends 20 times what it may in every other tenth of the time; the others' times are set side by side.";

    public override double Rate => 200;

    public override void Configure(JsonObject configuration, ScenarioOptions options) =>
        configuration["tenants"]!["noisy"] = ScenarioConfiguration.Tenant(_noisy, ScenarioConfiguration.PerSecond(Limit));

    public override async ValueTask<Outcome> ArriveAsync(ScenarioBench bench, long number, CancellationToken cancellation)
    {
        var phase = _phase;
        return Outcome.Of((await bench.SendAsync(Body, cancellation: cancellation)).Status, kind: phase);
    }

    public override async Task AlongsideAsync(ScenarioBench bench, CancellationToken cancellation)
    {
        // In turns, so that what the machine does besides falls on both.
        var time = bench.Options.Time / Phases;
        while (!cancellation.IsCancellationRequested)
        {
            _phase = Alone;
            await Task.Delay(time, cancellation);
            _phase = Beside;
            _noise.Add(await new OpenLoop(new OpenLoopOptions(Limit * TimesTheLimit, time, TimeSpan.Zero, TimeSpan.FromSeconds(5))).RunAsync(async (_, token) =>
            {
                var status = (await bench.SendAsync(Body, key: _noisy, cancellation: token)).Status;
                return Outcome.Of(status) with { Ok = status is 200 or TooMany };
            }, cancellation: cancellation));
        }
    }

    public override async IAsyncEnumerable<Fact> JudgeAsync(ScenarioBench bench, OpenLoopResult result)
    {
        await Task.CompletedTask;
        yield return Facts.NothingFailed(result);
        var labels = _noise.SelectMany(noise => noise.Kinds.Values).SelectMany(kind => kind.Labels).ToLookup(pair => pair.Key, pair => pair.Value);
        yield return new Fact("the noisy tenant is refused what is beyond its limit", labels["429"].Sum() > labels["200"].Sum(), $"{labels["200"].Sum()} granted, {labels["429"].Sum()} refused");
        if (!result.Kinds.TryGetValue(Alone, out var alone) || !result.Kinds.TryGetValue(Beside, out var beside)) throw new InvalidOperationException("Too short for both phases.");
        var ratio = beside.Latency.Percentile(0.99) / alone.Latency.Percentile(0.99);
        yield return new Fact($"p99 of the others beside it is at most {Goal.ToString(CultureInfo.InvariantCulture)} x that alone", ratio <= Goal, ratio.ToString("F2", CultureInfo.InvariantCulture));
    }
}
