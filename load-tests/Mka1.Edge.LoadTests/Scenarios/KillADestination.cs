using System.Globalization;
using System.Text.Json.Nodes;
using Mka1.Edge.LoadTests.Measuring;

namespace Mka1.Edge.LoadTests.Scenarios;

/// <summary><c>kill-a-destination</c>.</summary>
internal sealed class KillADestination : LoadScenario
{
    private const double PartThatMayFail = 0.001;
    private const string Before = "before the kill";
    private const string After = "after it";

    private static readonly string Body = Bodies.Create("ttft=5");

    private volatile string _phase = Before;

    public override string Name => "kill-a-destination";

    public override string Summary => "One of two model servers is killed half way.";

    public override int KillableModelServers => 2;

    public override void Configure(JsonObject configuration, ScenarioOptions options)
    {
        foreach (var (_, pool) in (JsonObject)configuration["pools"]!) pool!["health"] = new JsonObject { ["active"] = new JsonObject { ["timeoutSeconds"] = 5, ["unhealthyAfter"] = 3 } };
    }

    public override async ValueTask<Outcome> ArriveAsync(ScenarioBench bench, long number, CancellationToken cancellation)
    {
        var phase = _phase;
        return Outcome.Of((await bench.SendAsync(Body, cancellation: cancellation)).Status, kind: phase);
    }

    public override async Task AlongsideAsync(ScenarioBench bench, CancellationToken cancellation)
    {
        await Task.Delay(bench.Options.Time / 2, cancellation);
        using var kill = System.Diagnostics.Process.Start("kill", ["-KILL", bench.KillableModelServers[0].Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(cancellation);
        _phase = After;
    }

    public override async IAsyncEnumerable<Fact> JudgeAsync(ScenarioBench bench, OpenLoopResult result)
    {
        await Task.CompletedTask;
        var failed = result.Kinds.GetValueOrDefault(Before)?.Failed ?? 0;
        var (served, lost) = result.Kinds.TryGetValue(After, out var after) ? (after.Requests, after.Failed) : (0, 0);
        yield return new Fact("a server is killed", bench.KillableModelServers[0].HasExited && served > 0, $"{served} requests served after it");

        // What the killed server was at work on cannot be asked of another: it may have been done already.
        var most = Math.Ceiling(bench.Options.Rate * 0.1);
        yield return new Fact("no more is lost than what the killed server was at work on", failed <= most, $"{failed} failed of those begun before, {most} may");
        yield return new Fact("what begins later is served by the other", lost <= PartThatMayFail * (served + lost), $"{lost} of {served + lost} failed");
    }
}
