using System.Globalization;
using Mka1.Edge.LoadTests.Measuring;

namespace Mka1.Edge.LoadTests.Scenarios;

/// <summary><c>client-cancel</c>.</summary>
internal sealed class ClientCancel : LoadScenario
{
    private const string Seen = "cancel seen by the model server";
    private const double Goal = 250;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public override string Name => "client-cancel";

    public override string Summary => "Clients leave in the middle of their streams; until when the model server knows is measured.";

    public override double Rate => 50;

    public override async ValueTask<Outcome> ArriveAsync(ScenarioBench bench, long number, CancellationToken cancellation)
    {
        var id = (int)number;
        var answer = await bench.OpenAsync(Bodies.Create(string.Create(CultureInfo.InvariantCulture, $"deltas=2 hold=1 id={id}"), stream: true), cancellation: cancellation);
        if (!answer.IsSuccessStatusCode) return Outcome.Of((int)answer.StatusCode);
        var stream = await answer.Content.ReadAsStreamAsync(cancellation);
        _ = await stream.ReadAsync(new byte[4096], cancellation);
        var left = TimeProvider.System.GetTimestamp();
        answer.Dispose();
        var seen = await bench.ModelServer.Left(id).WaitAsync(Patience, cancellation);
        bench.Measure(Seen, TimeProvider.System.GetElapsedTime(left, seen));
        return new Outcome(true, "seen");
    }

    public override async IAsyncEnumerable<Fact> JudgeAsync(ScenarioBench bench, OpenLoopResult result)
    {
        await Task.CompletedTask;
        yield return Facts.NothingFailed(result);
        if (bench.Measures.TryGetValue(Seen, out var times)) yield return Facts.AtMost($"p99 of {Seen}, of {times.Count},", times.Percentile(0.99).TotalMilliseconds, Goal, "ms");
    }
}
