using Mka1.Edge.Stores.Streams;

namespace Mka1.Edge.Resilience.Tests.Interleavings;

/// <summary>A log from which one event of every stream is missing when it is read.</summary>
internal sealed class DroppingLog : IStreamLog
{
    private const long Dropped = 5;

    private readonly MemoryStreamLog _log = new(TimeSpan.FromHours(1), TimeProvider.System);

    public ValueTask<AppendResult> AppendAsync(string responseId, int fence, IReadOnlyList<StreamEntry> entries, bool last, CancellationToken cancellation = default) =>
        _log.AppendAsync(responseId, fence, entries, last, cancellation);

    public async ValueTask<LogSlice> ReadAsync(string responseId, long after, int max, CancellationToken cancellation = default)
    {
        var slice = await _log.ReadAsync(responseId, after, max, cancellation);
        return slice with { Entries = [.. slice.Entries.Where(entry => entry.Sequence != Dropped)] };
    }

    public ValueTask DeleteAsync(string responseId, CancellationToken cancellation = default) => _log.DeleteAsync(responseId, cancellation);

    public IDisposable Watch(string responseId, Action changed) => _log.Watch(responseId, changed);
}
