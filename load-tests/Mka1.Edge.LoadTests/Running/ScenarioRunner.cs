using Mka1.Edge.LoadTests.Measuring;
using Mka1.Edge.LoadTests.Scenarios;

namespace Mka1.Edge.LoadTests.Running;

/// <summary>Plays a scenario in an open loop.</summary>
internal static class ScenarioRunner
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LeadIn = TimeSpan.FromSeconds(1);

    /// <param name="scenario">A fresh one.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Gets a line every other second.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static async Task<ScenarioReport> RunAsync(LoadScenario scenario, ScenarioOptions options, TextWriter progress, CancellationToken cancellation)
    {
        await using var bench = await ScenarioBench.StartAsync(scenario, options);
        await progress.WriteLineAsync($"{scenario.Name}: {scenario.Summary}");
        await scenario.PrepareAsync(bench, cancellation);
        bench.Began = TimeProvider.System.GetTimestamp();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var alongside = scenario.AlongsideAsync(bench, end.Token);
        var result = await new OpenLoop(new OpenLoopOptions(options.Rate, options.Time, LeadIn, Patience)).RunAsync((number, token) => scenario.ArriveAsync(bench, number, token), progress, cancellation);
        await end.CancelAsync();
        try
        {
            await alongside;
        }
        catch (OperationCanceledException)
        {
            // The end.
        }

        var facts = new List<Fact>();
        await foreach (var fact in scenario.JudgeAsync(bench, result)) facts.Add(fact);
        return new ScenarioReport(scenario.Name, scenario.Summary, options, result, bench.Measures, facts);
    }
}
