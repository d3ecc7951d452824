namespace Mka1.Edge.Stores.Quota;

/// <summary>Postings that wait for Redis. When there are too many, the oldest are dropped: their windows end soonest.</summary>
/// <param name="capacity">How many there may be.</param>
/// <param name="dropped">Called for each that is dropped.</param>
internal sealed class QuotaSpool(int capacity, Action<string>? dropped)
{
    private readonly Lock _gate = new();
    private readonly Queue<QuotaPosting> _postings = new();
    private long _dropped;

    public int Count
    {
        get
        {
            lock (_gate) return _postings.Count;
        }
    }

    public long Dropped => Interlocked.Read(ref _dropped);

    public void Add(QuotaPosting posting)
    {
        QuotaPosting? oldest = null;
        lock (_gate)
        {
            if (_postings.Count >= capacity) oldest = _postings.Dequeue();
            _postings.Enqueue(posting);
        }

        if (oldest is null) return;
        Interlocked.Increment(ref _dropped);
        dropped?.Invoke(oldest.Id);
    }

    /// <summary>The oldest, which leave the spool.</summary>
    public IReadOnlyList<QuotaPosting> Take(int limit)
    {
        lock (_gate)
        {
            var some = new List<QuotaPosting>(Math.Min(limit, _postings.Count));
            while (some.Count < limit && _postings.TryDequeue(out var posting)) some.Add(posting);
            return some;
        }
    }
}
