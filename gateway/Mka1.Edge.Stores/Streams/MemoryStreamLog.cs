namespace Mka1.Edge.Stores.Streams;

/// <summary>
/// Stream logs in this process. When they outgrow the space for them, whole logs are lost: the one that ended longest ago
/// first, and when none has ended, the one that has been still for longest.
/// </summary>
/// <param name="timeToLive">How long a log is kept after its last append.</param>
/// <param name="clock">The clock.</param>
/// <param name="capacity">Bytes kept in all logs together.</param>
public sealed class MemoryStreamLog(TimeSpan timeToLive, TimeProvider clock, long capacity = MemoryStreamLog.DefaultCapacity) : IStreamLog
{
    /// <summary>Bytes kept when nobody says otherwise.</summary>
    public const long DefaultCapacity = 256L << 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<MemoryLog>> _logs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Action> _watchers = new(StringComparer.Ordinal);

    // Both by last append, so that what expires first comes first.
    private readonly LinkedList<MemoryLog> _open = [];
    private readonly LinkedList<MemoryLog> _ended = [];
    private long _size;

    public ValueTask<AppendResult> AppendAsync(
        string responseId, int fence, IReadOnlyList<StreamEntry> entries, bool last, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(entries.Count);
        cancellation.ThrowIfCancellationRequested();
        Action? changed = null;
        AppendResult result;
        lock (_gate)
        {
            DropExpired();
            var node = _logs.GetValueOrDefault(responseId) ?? new LinkedListNode<MemoryLog>(new MemoryLog(responseId));
            var log = node.Value;
            var (size, next, ended) = (log.Size, log.Next, log.Ended);
            result = new AppendResult(log.Append(fence, entries, last, clock.GetUtcNow()), log.Next);
            if (result.Outcome == AppendOutcome.Appended && !ended)
            {
                _size += log.Size - size;
                _logs[responseId] = node;
                node.List?.Remove(node);
                (log.Ended ? _ended : _open).AddLast(node);
                while (_size > capacity && (_ended.First ?? _open.First) is { } oldest) Drop(oldest);
                if (log.Next > next || log.Ended) changed = _watchers.GetValueOrDefault(responseId);
            }
        }

        changed?.Invoke();
        return ValueTask.FromResult(result);
    }

    public ValueTask<LogSlice> ReadAsync(string responseId, long after, int max, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            DropExpired();
            return ValueTask.FromResult(_logs.TryGetValue(responseId, out var node)
                ? node.Value.Read(after, max)
                : new LogSlice([], LogState.Missing, 0));
        }
    }

    public ValueTask DeleteAsync(string responseId, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            if (_logs.TryGetValue(responseId, out var node)) Drop(node);
        }

        return ValueTask.CompletedTask;
    }

    public IDisposable Watch(string responseId, Action changed)
    {
        lock (_gate) _watchers[responseId] = _watchers.GetValueOrDefault(responseId) + changed;
        return new Registration(() =>
        {
            lock (_gate)
            {
                if (_watchers[responseId] - changed is { } others) _watchers[responseId] = others;
                else _watchers.Remove(responseId);
            }
        });
    }

    private void DropExpired()
    {
        var oldest = clock.GetUtcNow() - timeToLive;
        while (_open.First is { } node && node.Value.Appended < oldest) Drop(node);
        while (_ended.First is { } node && node.Value.Appended < oldest) Drop(node);
    }

    private void Drop(LinkedListNode<MemoryLog> node)
    {
        node.List!.Remove(node);
        _logs.Remove(node.Value.ResponseId);
        _size -= node.Value.Size;
    }
}
