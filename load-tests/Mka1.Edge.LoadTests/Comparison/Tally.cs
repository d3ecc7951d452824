using System.Collections.Concurrent;
using Mka1.Edge.LoadTests.Measuring;
using Mka1.Edge.LoadTests.Wire;

namespace Mka1.Edge.LoadTests.Comparison;

/// <summary>Answers as they come.</summary>
internal sealed class Tally
{
    private readonly Histogram _latency = new();
    private readonly ConcurrentDictionary<int, int> _failures = new();
    private long _requests;
    private long _events;

    public void Add(WireAnswer answer, TimeSpan latency)
    {
        _latency.Record(latency);
        if (!answer.Served)
        {
            _failures.AddOrUpdate(answer.Status, 1, static (_, count) => count + 1);
            return;
        }

        Interlocked.Increment(ref _requests);
        Interlocked.Add(ref _events, answer.Events);
    }

    public LoadResult Result(TimeSpan elapsed) => new(elapsed, Interlocked.Read(ref _requests), Interlocked.Read(ref _events), new Dictionary<int, int>(_failures), _latency);
}
