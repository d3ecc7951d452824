using System.Collections.Concurrent;

namespace Mka1.Edge.LoadTests.Measuring;

/// <summary>Outcomes of one kind as they come.</summary>
internal sealed class Tally
{
    private readonly Histogram _latency = new();
    private readonly ConcurrentDictionary<string, int> _labels = new();
    private readonly ConcurrentDictionary<string, int> _failures = new();
    private long _requests;
    private long _events;

    public void Add(Outcome outcome, TimeSpan latency)
    {
        _latency.Record(latency);
        _labels.AddOrUpdate(outcome.Label, 1, static (_, count) => count + 1);
        Interlocked.Add(ref _events, outcome.Events);
        if (outcome.Ok) Interlocked.Increment(ref _requests);
        else _failures.AddOrUpdate(outcome.Label, 1, static (_, count) => count + 1);
    }

    public LoadResult Result(TimeSpan elapsed) =>
        new(elapsed, Interlocked.Read(ref _requests), Interlocked.Read(ref _events), new Dictionary<string, int>(_labels), new Dictionary<string, int>(_failures), _latency);
}
