namespace Mka1.Edge.Inference.Chat.Jinja;

/// <summary>Text that knows which of its characters came from a caller: only the template's own may become control tokens.</summary>
/// <remarks>Every operation of the language keeps the marks. Equality is that of the characters alone.</remarks>
internal sealed class MarkedText : IEquatable<MarkedText>
{
    private const char Own = '\0', Foreign = '\u0001';

    // As long as the text, one mark a character; null where all is the template's own.
    private readonly string? _marks;

    public MarkedText(string value, string? marks = null) => (Value, _marks) = (value, marks);

    public static MarkedText Empty { get; } = new("");

    public string Value { get; }

    public int Length => Value.Length;

    /// <summary>Text of a caller.</summary>
    public static MarkedText FromCaller(string value) => new(value, new string(Foreign, value.Length));

    public static implicit operator MarkedText(string value) => new(value);

    /// <summary>Whether all characters of a range are the template's own.</summary>
    public bool IsOwn(int start, int end) => _marks is null || _marks.AsSpan(start, end - start).IndexOf(Foreign) < 0;

    public MarkedText Slice(int start, int length) =>
        length == Length ? this : new(Value.Substring(start, length), _marks?.Substring(start, length));

    /// <summary>The same marks on other characters, as many of them.</summary>
    public MarkedText With(string value) => new(value, _marks);

    public static MarkedText Join(MarkedText separator, IEnumerable<MarkedText> parts)
    {
        var builder = new MarkedTextBuilder();
        var first = true;
        foreach (var part in parts)
        {
            if (!first)
                builder.Append(separator);
            first = false;
            builder.Append(part);
        }
        return builder.ToText();
    }

    public MarkedText Replace(string from, MarkedText to, int count = -1)
    {
        if (from.Length == 0)
            throw new JinjaException("replace() of an empty text is not supported.");
        var builder = new MarkedTextBuilder();
        var at = 0;
        for (; count != 0 && Value.IndexOf(from, at, StringComparison.Ordinal) is var found and >= 0; count--)
        {
            builder.Append(Slice(at, found - at));
            builder.Append(to);
            at = found + from.Length;
        }
        builder.Append(Slice(at, Length - at));
        return builder.ToText();
    }

    public MarkedText Trim(string? characters, bool left = true, bool right = true)
    {
        var start = 0;
        var end = Length;
        while (left && start < end && IsTrimmed(Value[start]))
            start++;
        while (right && end > start && IsTrimmed(Value[end - 1]))
            end--;
        return Slice(start, end - start);

        // Python's white space has four separators more than .NET's.
        bool IsTrimmed(char c) => characters is null ? char.IsWhiteSpace(c) || c is >= '\u001C' and <= '\u001F' : characters.Contains(c, StringComparison.Ordinal);
    }

    internal void CopyTo(System.Text.StringBuilder value, System.Text.StringBuilder marks)
    {
        value.Append(Value);
        if (_marks is null)
            marks.Append(Own, Length);
        else
            marks.Append(_marks);
    }

    /// <summary>The mark of one character, for <see cref="MarkedTextBuilder"/>.</summary>
    internal char MarkAt(int index) => _marks is null ? Own : _marks[index];

    public bool Equals(MarkedText? other) => other is not null && Value == other.Value;

    public override bool Equals(object? obj) => Equals(obj as MarkedText);

    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Value;
}
