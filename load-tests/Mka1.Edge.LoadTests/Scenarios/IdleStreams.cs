using Mka1.Edge.LoadTests.Measuring;

namespace Mka1.Edge.LoadTests.Scenarios;

/// <summary><c>idle-streams</c>.</summary>
internal sealed class IdleStreams : LoadScenario
{
    private const double KiB = 1024;
    private const double UnstoredGoal = 24;
    private const double StoredGoal = 32;
    private const int OpenedAtOnce = 64;
    private const int ShortStreams = 1000;

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);
    private static readonly string Small = Bodies.Create();

    private readonly List<HttpResponseMessage> _open = [];
    private double _each;

    public override string Name => "idle-streams";

    public override string Summary => "Streams that are open and silent, while other requests go on; with --stores local they are stored.";

    public override double Rate => 20;

    public override async Task PrepareAsync(ScenarioBench bench, CancellationToken cancellation)
    {
        var body = Bodies.Create("deltas=2 hold=1", stream: true, store: bench.Options.Stores);

        var together = new ParallelOptions { MaxDegreeOfParallelism = OpenedAtOnce, CancellationToken = cancellation };

        // What is needed for the first streams is needed but once.
        await Parallel.ForEachAsync(Enumerable.Range(0, ShortStreams), together, async (_, token) => await bench.SendAsync(Bodies.Create(stream: true, store: bench.Options.Stores), cancellation: token));
        await Task.Delay(Settling, cancellation);
        var before = bench.Gateway.ResidentBytes;
        await Parallel.ForEachAsync(Enumerable.Range(0, bench.Options.Streams), together, async (_, token) =>
        {
            var answer = await bench.OpenAsync(body, cancellation: token);
            answer.EnsureSuccessStatusCode();
            lock (_open) _open.Add(answer);
        });
        await Task.Delay(Settling, cancellation);
        _each = (bench.Gateway.ResidentBytes - before) / (double)_open.Count / KiB;
    }

    public override async ValueTask<Outcome> ArriveAsync(ScenarioBench bench, long number, CancellationToken cancellation) =>
        Outcome.Of((await bench.SendAsync(Small, cancellation: cancellation)).Status);

    public override async IAsyncEnumerable<Fact> JudgeAsync(ScenarioBench bench, OpenLoopResult result)
    {
        yield return Facts.NothingFailed(result);
        var ended = 0;
        foreach (var answer in _open) ended += await IsOpenAsync(answer) ? 0 : 1;
        yield return new Fact("every stream is still open", ended == 0 && _open.Count == bench.Options.Streams, $"{ended} of {_open.Count} have ended");
        yield return Facts.AtMost("resident memory for each idle stream", _each, bench.Options.Stores ? StoredGoal : UnstoredGoal, "KiB");
        foreach (var answer in _open) answer.Dispose();
    }

    /// <summary>Reads what has come; an open stream then has no more to give.</summary>
    private static async Task<bool> IsOpenAsync(HttpResponseMessage answer)
    {
        var stream = await answer.Content.ReadAsStreamAsync();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var read = stream.ReadAsync(buffer).AsTask();
            if (await Task.WhenAny(read, Task.Delay(1)) != read) return true;
            if (!read.IsCompletedSuccessfully || await read == 0) return false;
        }
    }
}
