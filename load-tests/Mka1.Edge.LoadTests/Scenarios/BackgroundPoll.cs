using Mka1.Edge.LoadTests.Measuring;

namespace Mka1.Edge.LoadTests.Scenarios;

/// <summary><c>background-poll</c>.</summary>
internal sealed class BackgroundPoll : LoadScenario
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly string Body = Bodies.Create(store: true, rest: ",\"background\":true");

    public override string Name => "background-poll";

    public override string Summary => "Background responses, asked for every 50 ms until they are complete.";

    public override double Rate => 30;

    public override async ValueTask<Outcome> ArriveAsync(ScenarioBench bench, long number, CancellationToken cancellation)
    {
        var answer = await bench.SendAsync(Body, cancellation: cancellation);
        var id = answer.Id("resp_");
        while (answer.Ok && (answer.Says("status", "queued") || answer.Says("status", "in_progress")))
        {
            await Task.Delay(Pause, cancellation);
            answer = await bench.SendAsync(null, $"{ScenarioBench.Path}/{id}", cancellation: cancellation);
        }

        return answer.Ok ? new Outcome(answer.Says("status", "completed"), "ended") : Outcome.Of(answer.Status);
    }
}
