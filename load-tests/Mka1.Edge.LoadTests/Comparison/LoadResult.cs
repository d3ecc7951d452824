using Mka1.Edge.LoadTests.Measuring;

namespace Mka1.Edge.LoadTests.Comparison;

/// <summary>What became of one load.</summary>
/// <param name="Elapsed">How long it went on.</param>
/// <param name="Requests">Requests answered as they should be.</param>
/// <param name="Events">Events in their answers.</param>
/// <param name="Failures">The others by status; 0 is a broken connection.</param>
/// <param name="Latency">From when a request was sent, or in an open loop due, to the end of its answer.</param>
internal sealed record LoadResult(TimeSpan Elapsed, long Requests, long Events, IReadOnlyDictionary<int, int> Failures, Histogram Latency)
{
    public double RequestsPerSecond => Requests / Elapsed.TotalSeconds;

    public double EventsPerSecond => Events / Elapsed.TotalSeconds;
}
