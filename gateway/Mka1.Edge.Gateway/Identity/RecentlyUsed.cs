using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Mka1.Edge.Gateway.Identity;

/// <summary>
/// Remembers what was used lately, up to a number. Entries stand in two halves: when the young half is full it becomes the old
/// one, and what nobody has asked for since is forgotten with the half before. Reading takes no lock.
/// </summary>
/// <param name="capacity">Entries at most.</param>
internal sealed class RecentlyUsed<TKey, TValue>(int capacity)
    where TKey : notnull
    where TValue : class
{
    private readonly Lock _gate = new();
    private readonly int _half = capacity / 2;
    private volatile ConcurrentDictionary<TKey, TValue> _young = new();
    private volatile ConcurrentDictionary<TKey, TValue> _old = new();

    public int Count => _young.Count + _old.Count;

    public bool TryGet(TKey key, [NotNullWhen(true)] out TValue? value)
    {
        if (_young.TryGetValue(key, out value)) return true;
        if (!_old.TryGetValue(key, out value)) return false;
        Set(key, value);
        return true;
    }

    public void Set(TKey key, TValue value)
    {
        lock (_gate)
        {
            _old.TryRemove(key, out _);
            if (_young.Count >= _half && !_young.ContainsKey(key)) (_old, _young) = (_young, new ConcurrentDictionary<TKey, TValue>());
            _young[key] = value;
        }
    }
}
