using System.Collections.Concurrent;
using Mka1.Edge.LoadTests.Measuring;

namespace Mka1.Edge.LoadTests.Scenarios;

/// <summary><c>stored-json</c>.</summary>
internal sealed class StoredJson : LoadScenario
{
    private const int ReadBackEvery = 20;

    private static readonly string Body = Bodies.Create(store: true);

    private readonly ConcurrentBag<string> _ids = [];

    public override string Name => "stored-json";

    public override string Summary => "Answers without a stream that are stored, some of which are read back in the end.";

    public override async ValueTask<Outcome> ArriveAsync(ScenarioBench bench, long number, CancellationToken cancellation)
    {
        var answer = await bench.SendAsync(Body, cancellation: cancellation);
        if (answer.Ok && number % ReadBackEvery == 0) _ids.Add(answer.Id("resp_"));
        return Outcome.Of(answer.Status);
    }

    public override async IAsyncEnumerable<Fact> JudgeAsync(ScenarioBench bench, OpenLoopResult result)
    {
        yield return Facts.NothingFailed(result);
        var missing = 0;
        foreach (var id in _ids) missing += (await bench.SendAsync(null, $"{ScenarioBench.Path}/{id}")).Says("status", "completed") ? 0 : 1;
        yield return new Fact("what was acknowledged can be read", missing == 0 && !_ids.IsEmpty, $"{missing} of {_ids.Count} cannot");
    }
}
