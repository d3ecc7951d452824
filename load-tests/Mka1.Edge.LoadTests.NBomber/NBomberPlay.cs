using System.Collections.Concurrent;
using Mka1.Edge.LoadTests.Measuring;
using Mka1.Edge.LoadTests.Scenarios;
using NBomber.Contracts.Stats;
using NBomber.CSharp;

namespace Mka1.Edge.LoadTests.NBomber;

/// <summary>Plays one scenario: NBomber lets requests arrive and reports on them, the scenario says what must hold.</summary>
internal static class NBomberPlay
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static async Task<IReadOnlyList<Fact>> RunAsync(LoadScenario scenario, ScenarioOptions options, string folder, CancellationToken cancellation)
    {
        await using var bench = await ScenarioBench.StartAsync(scenario, options);
        await scenario.PrepareAsync(bench, cancellation);
        var tallies = new ConcurrentDictionary<string, Tally>();
        var arrivals = -1L;
        var props = Scenario
            .Create(scenario.Name, async context =>
            {
                var began = TimeProvider.System.GetTimestamp();
                var outcome = await ArriveAsync(Interlocked.Increment(ref arrivals), context.ScenarioCancellationToken);
                tallies.GetOrAdd(outcome.Kind, static _ => new Tally()).Add(outcome, TimeProvider.System.GetElapsedTime(began));
                return outcome.Ok ? Response.Ok(statusCode: outcome.Label) : Response.Fail(statusCode: outcome.Label);
            })
            .WithoutWarmUp()
            .WithLoadSimulations(Simulation.Inject(rate: (int)Math.Max(1, Math.Round(options.Rate)), interval: Second, during: options.Time));

        bench.Began = TimeProvider.System.GetTimestamp();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var alongside = scenario.AlongsideAsync(bench, end.Token);
        await Task.Run(() => NBomberRunner.RegisterScenarios(props).WithReportFolder(folder).WithReportFileName(scenario.Name).WithReportFormats(ReportFormat.Md, ReportFormat.Html).Run(), cancellation);
        await end.CancelAsync();
        await alongside.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

        // NBomber does not say how late it began a request, so nothing is known of that here.
        var facts = new List<Fact>();
        var result = new OpenLoopResult(tallies.ToDictionary(pair => pair.Key, pair => pair.Value.Result(options.Time)), new Histogram());
        await foreach (var fact in scenario.JudgeAsync(bench, result)) facts.Add(fact);
        return facts;

        async Task<Outcome> ArriveAsync(long number, CancellationToken token)
        {
            try
            {
                return await scenario.ArriveAsync(bench, number, token);
            }
            catch (Exception e)
            {
                return new Outcome(false, e.GetType().Name);
            }
        }
    }
}
