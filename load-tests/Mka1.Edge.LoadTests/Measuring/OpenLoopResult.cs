namespace Mka1.Edge.LoadTests.Measuring;

/// <summary>What an open loop has found.</summary>
/// <param name="Kinds">By kind.</param>
/// <param name="Lateness">From when arrivals were due to when they were begun: how well the schedule was kept. It is part of their latency.</param>
internal sealed record OpenLoopResult(IReadOnlyDictionary<string, LoadResult> Kinds, Histogram Lateness)
{
    public long Failed => Kinds.Values.Sum(kind => kind.Failed);

    public long Requests => Kinds.Values.Sum(kind => kind.Requests);
}
