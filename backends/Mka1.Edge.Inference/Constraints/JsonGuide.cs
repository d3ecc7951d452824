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
        var known = Step(_current, bytes[0], _used + 1);
        _nextByte[bytes[0]] = known;
        for (var i = 1; known && i < bytes.Length; i++)
            known = Step(_from, bytes[i], _used + i + 1);
        return known;
    }

    /// <summary>Goes on with these bytes.</summary>
    /// <exception cref="InvalidOperationException">They are not allowed.</exception>
    public void Accept(ReadOnlySpan<byte> bytes)
    {
        if (!Allows(bytes))
            throw new InvalidOperationException("The grammar does not allow these bytes here.");
        (_current, _from) = (_from, _current);
        _used += bytes.Length;
        Array.Clear(_nextByte);
    }

    // Leaves the result in _from.
    private bool Step(List<GuideThread> threads, byte value, long used)
    {
        _to.Clear();
        foreach (var thread in threads)
            thread.Step(value, _to);
        var left = _budget - used;
        _to.RemoveAll(thread => thread.MinRemaining > left);
        if (_to.Count > MaxThreads)
        {
            _to.Sort(static (a, b) => a.MinRemaining.CompareTo(b.MinRemaining));
            _to.RemoveRange(MaxThreads, _to.Count - MaxThreads);
        }
        (_from, _to) = (_to, _from);
        return _from.Count > 0;
    }
}
