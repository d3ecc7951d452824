using System.Text.Json.Nodes;
using Mka1.Edge.LoadTests.Measuring;
using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.LoadTests.Scenarios;

/// <summary><c>reload-under-load</c>.</summary>
internal sealed class ReloadUnderLoad : LoadScenario
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly string Body = Bodies.Create();

    private string _newest = "";
    private int _changes;

    public override string Name => "reload-under-load";

    public override string Summary => "The configuration changes twice a second while requests arrive.";

    public override double Rate => 300;

    public override async ValueTask<Outcome> ArriveAsync(ScenarioBench bench, long number, CancellationToken cancellation) =>
        Outcome.Of((await bench.SendAsync(Body, cancellation: cancellation)).Status);

    public override async Task AlongsideAsync(ScenarioBench bench, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Between);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            var configuration = bench.Configuration;
            var key = ApiKeyFormat.Create();
            ((JsonObject)configuration["tenants"]!)["new"] = ScenarioConfiguration.Tenant(key);
            await bench.Gateway.ConfigureAsync(configuration);
            (_newest, _changes) = (key, _changes + 1);
        }
    }

    public override async IAsyncEnumerable<Fact> JudgeAsync(ScenarioBench bench, OpenLoopResult result)
    {
        yield return Facts.NothingFailed(result);
        yield return new Fact("the configuration changes meanwhile", _changes > 0, $"{_changes} changes");
        var began = TimeProvider.System.GetTimestamp();
        var answer = await bench.SendAsync(Body, key: _newest);
        while (!answer.Ok && TimeProvider.System.GetElapsedTime(began) < Patience)
        {
            await Task.Delay(Between);
            answer = await bench.SendAsync(Body, key: _newest);
        }

        yield return new Fact("the last change counts", answer.Ok, $"its key is answered with {answer.Status}");
    }
}
