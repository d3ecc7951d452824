namespace Mka1.Edge.LoadTests.Measuring;

/// <summary>What became of the requests of one kind.</summary>
/// <param name="Elapsed">How long the load went on.</param>
/// <param name="Requests">Requests that went as they should.</param>
/// <param name="Events">Events in their answers.</param>
/// <param name="Labels">All requests by status or word.</param>
/// <param name="Failures">Those that did not go as they should, the same way.</param>
/// <param name="Latency">From when a request was sent, or in an open loop due, to the end of its answer.</param>
internal sealed record LoadResult(TimeSpan Elapsed, long Requests, long Events, IReadOnlyDictionary<string, int> Labels, IReadOnlyDictionary<string, int> Failures, Histogram Latency)
{
    public double RequestsPerSecond => Requests / Elapsed.TotalSeconds;

    public double EventsPerSecond => Events / Elapsed.TotalSeconds;

    public long Failed => Failures.Values.Sum(count => (long)count);
}
