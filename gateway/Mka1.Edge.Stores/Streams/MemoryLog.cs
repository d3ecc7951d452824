namespace Mka1.Edge.Stores.Streams;

/// <summary>One stream's events in this process. Whoever holds one also holds its store's lock.</summary>
internal sealed class MemoryLog(string responseId)
{
    /// <summary>About what an entry costs beside its bytes: two arrays and a place in the list.</summary>
    private const int EntryOverhead = 96;

    private readonly List<StreamEntry> _entries = [];
    private int _fence;

    public string ResponseId => responseId;

    public long Next => _entries.Count;

    public long Size { get; private set; }

    public bool Ended { get; private set; }

    public DateTimeOffset Appended { get; private set; }

    public AppendOutcome Append(int fence, IReadOnlyList<StreamEntry> entries, bool last, DateTimeOffset now)
    {
        var first = entries[0].Sequence;
        if (fence < _fence) return AppendOutcome.Fenced;
        if (Ended) return fence == _fence && first + entries.Count <= Next ? AppendOutcome.Appended : AppendOutcome.Fenced;
        if (first > Next) return AppendOutcome.Gap;

        for (var i = (int)(Next - first); i < entries.Count; i++)
        {
            // The caller's buffers are the caller's.
            var copy = new StreamEntry(entries[i].Sequence, entries[i].Name.ToArray(), entries[i].Data.ToArray());
            _entries.Add(copy);
            Size += copy.Name.Length + copy.Data.Length + EntryOverhead;
        }

        _fence = fence;
        Ended = last;
        Appended = now;
        return AppendOutcome.Appended;
    }

    public LogSlice Read(long after, int max)
    {
        var from = Math.Max(after, -1) is var known && known >= Next ? Next : known + 1;
        var count = (int)Math.Clamp(Next - from, 0, Math.Max(0, max));
        return new LogSlice(_entries.GetRange((int)from, count), Ended ? LogState.Ended : LogState.Open, Next);
    }
}
