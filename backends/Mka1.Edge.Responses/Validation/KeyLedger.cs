using System.Buffers;

namespace Mka1.Edge.Responses;

/// <summary>Remembers the keys of every object that is open, to find the ones that come twice.</summary>
internal sealed class KeyLedger : IDisposable
{
    private readonly int[] _starts;
    private ulong[] _hashes = ArrayPool<ulong>.Shared.Rent(128);
    private int _count;

    public KeyLedger(int maxDepth) => _starts = new int[maxDepth + 1];

    public enum Outcome
    {
        Added,
        Duplicate,
        TooMany,
    }

    public void Open(int depth) => _starts[depth] = _count;

    public void Close(int depth) => _count = _starts[depth];

    /// <summary>
    /// Adds an unescaped key. Keys are compared by 64-bit hash alone: equal keys always meet, and whoever constructs
    /// two different keys that collide gets only his own request refused.
    /// </summary>
    public Outcome Add(int depth, ReadOnlySpan<byte> key, int maxKeys)
    {
        var siblings = _hashes.AsSpan(_starts[depth], _count - _starts[depth]);
        var hash = Fnv1A(key);
        if (siblings.Contains(hash))
            return Outcome.Duplicate;
        if (siblings.Length >= maxKeys)
            return Outcome.TooMany;
        if (_count == _hashes.Length)
            Grow();
        _hashes[_count++] = hash;
        return Outcome.Added;
    }

    public void Dispose() => ArrayPool<ulong>.Shared.Return(_hashes);

    private void Grow()
    {
        var larger = ArrayPool<ulong>.Shared.Rent(_hashes.Length * 2);
        _hashes.AsSpan(0, _count).CopyTo(larger);
        ArrayPool<ulong>.Shared.Return(_hashes);
        _hashes = larger;
    }

    private static ulong Fnv1A(ReadOnlySpan<byte> key)
    {
        var hash = 14695981039346656037UL;
        foreach (var unit in key)
            hash = (hash ^ unit) * 1099511628211UL;
        return hash;
    }
}
