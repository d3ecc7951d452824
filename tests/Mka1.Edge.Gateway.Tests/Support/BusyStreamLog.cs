using Mka1.Edge.Stores.Streams;

namespace Mka1.Edge.Gateway.Tests.Support;

/// <summary>A log that somebody else writes to right behind a look at it.</summary>
public sealed class BusyStreamLog(IStreamLog inner) : IStreamLog
{
    private Func<Task>? _next;

    /// <summary>What happens behind the next look.</summary>
    public void Behind(Func<IStreamLog, Task> happens) => _next = () => happens(inner);

    public ValueTask<AppendResult> AppendAsync(
        string responseId, int fence, IReadOnlyList<StreamEntry> entries, bool last, CancellationToken cancellation = default) =>
        inner.AppendAsync(responseId, fence, entries, last, cancellation);

    public async ValueTask<LogSlice> ReadAsync(string responseId, long after, int max, CancellationToken cancellation = default)
    {
        var slice = await inner.ReadAsync(responseId, after, max, cancellation);
        if (Interlocked.Exchange(ref _next, null) is { } happens) await happens();
        return slice;
    }

    public ValueTask DeleteAsync(string responseId, CancellationToken cancellation = default) => inner.DeleteAsync(responseId, cancellation);

    public IDisposable Watch(string responseId, Action changed) => inner.Watch(responseId, changed);
}
