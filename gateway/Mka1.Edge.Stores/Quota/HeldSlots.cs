namespace Mka1.Edge.Stores.Quota;

/// <summary>Who holds a slot until when: requests in flight of one counter.</summary>
internal sealed class HeldSlots
{
    private readonly Dictionary<string, long> _ends = new(StringComparer.Ordinal);

    // No lease ends before this: renewals only put ends off.
    private long _firstEnd = long.MaxValue;

    public int Count(long now)
    {
        DropExpired(now);
        return _ends.Count;
    }

    public bool Holds(string id, long now) => _ends.TryGetValue(id, out var end) && end > now;

    public void Hold(string id, long until)
    {
        _ends[id] = until;
        _firstEnd = Math.Min(_firstEnd, until);
    }

    public void Release(string id) => _ends.Remove(id);

    private void DropExpired(long now)
    {
        if (now < _firstEnd) return;
        _firstEnd = long.MaxValue;
        foreach (var (id, end) in _ends)
        {
            if (end <= now) _ends.Remove(id);
            else _firstEnd = Math.Min(_firstEnd, end);
        }
    }
}
