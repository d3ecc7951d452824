using Mka1.Edge.LoadTests.Measuring;

namespace Mka1.Edge.LoadTests.Scenarios;

/// <summary><c>stored-sse</c>.</summary>
internal sealed class StoredSse : LoadScenario
{
    private static readonly string Body = Bodies.Create("deltas=40 ttft=20 itt=2", stream: true, store: true);

    public override string Name => "stored-sse";

    public override string Summary => "Streams of 40 deltas, 2 ms apart, that are stored and can be resumed.";

    public override double Rate => 50;

    public override async ValueTask<Outcome> ArriveAsync(ScenarioBench bench, long number, CancellationToken cancellation)
    {
        var answer = await bench.SendAsync(Body, cancellation: cancellation);
        if (!answer.Ok) return Outcome.Of(answer.Status);
        var numbers = StreamEvents.Numbers(answer.Text);
        return new Outcome(StreamEvents.AreWhole(numbers) && answer.Text.Contains("event: response.completed", StringComparison.Ordinal), "stream", numbers.Count);
    }
}
