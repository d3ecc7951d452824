using Mka1.Edge.Inference.Constraints.Masks;

namespace Mka1.Edge.Inference.Constraints;

/// <summary>Follows a JSON text byte by byte through all ways in which a grammar can read it.</summary>
/// <remarks>
/// A way is dropped when it can no longer end within the byte budget. The shortest end is known at every point, so as long as
/// one way is alive there is a next byte, and the text always ends. Not thread-safe.
/// </remarks>
internal sealed class JsonGuide
{
    // Ambiguous schemas multiply ways to read a text. Those with the nearest end are kept: fewer ways still lead to valid
    // text only, and the nearest end is what the budget is reckoned by.
    private const int MaxThreads = 4096;

    private readonly long _budget;
    private List<GuideThread> _current = [];
    private List<GuideThread> _from = [];
    private List<GuideThread> _to = [];
    private long _used;

    // What is known of each byte as the next one: lets most of a vocabulary be refused by a look at its first byte.
    private readonly bool?[] _nextByte = new bool?[256];

    // The last bytes that were allowed: asking, then accepting, steps over them once. What they lead to is in _from.
    private readonly byte[] _asked = new byte[128];
    private int _askedLength;
    private MaskWalk? _walk;

    public JsonGuide(JsonGrammar grammar)
    {
        _budget = grammar.MaxBytes;
        GuideSteps.Enter(grammar.Root, null, _current);
    }

    /// <summary>Nothing has been read.</summary>
    public bool IsAtStart => _used == 0;

    /// <summary>The text is complete as it stands.</summary>
    public bool CanEnd => _current.Exists(static thread => thread.CanEnd);

    /// <summary>The text is complete and nothing may follow.</summary>
    public bool MustEnd => _current.TrueForAll(static thread => thread.IsEnd);

    /// <summary>Whether the text may go on with these bytes.</summary>
    public bool Allows(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || _nextByte[bytes[0]] == false)
            return false;
        _askedLength = 0;
        var known = Step(_current, bytes[0], _used + 1);
        _nextByte[bytes[0]] = known;
        for (var i = 1; known && i < bytes.Length; i++)
            known = Step(_from, bytes[i], _used + i + 1);
        if (known && bytes.Length <= _asked.Length)
        {
            bytes.CopyTo(_asked);
            _askedLength = bytes.Length;
        }
        return known;
    }

    /// <summary>Goes on with these bytes.</summary>
    /// <exception cref="InvalidOperationException">They are not allowed.</exception>
    public void Accept(ReadOnlySpan<byte> bytes)
    {
        var asked = _askedLength > 0 && bytes.SequenceEqual(_asked.AsSpan(0, _askedLength));
        if (!asked && !Allows(bytes))
            throw new InvalidOperationException("The grammar does not allow these bytes here.");
        (_current, _from) = (_from, _current);
        _used += bytes.Length;
        _askedLength = 0;
        Array.Clear(_nextByte);
    }

    /// <summary>
    /// Adds to a mask every token the text may go on with, and few others: those that repeat a key, that make a key or a string
    /// far too long, or that leave too little of the budget.
    /// </summary>
    /// <returns>False when too many ways are open to follow them all: the mask is then of no use.</returns>
    public bool TryMask(TokenMasks masks, Span<ulong> allowed) => (_walk ??= new MaskWalk(masks)).TryFill(_current, allowed);

    // Leaves the result in _from.
    private bool Step(List<GuideThread> threads, byte value, long used)
    {
        _to.Clear();
        foreach (var thread in threads)
            thread.Step(value, _to);
        var left = _budget - used;
        var kept = 0;
        for (var i = 0; i < _to.Count; i++)
        {
            if (_to[i].MinRemaining <= left)
                _to[kept++] = _to[i];
        }
        _to.RemoveRange(kept, _to.Count - kept);
        if (_to.Count > MaxThreads)
        {
            _to.Sort(static (a, b) => a.MinRemaining.CompareTo(b.MinRemaining));
            _to.RemoveRange(MaxThreads, _to.Count - MaxThreads);
        }
        (_from, _to) = (_to, _from);
        return _from.Count > 0;
    }
}
