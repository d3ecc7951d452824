using System.Text;

namespace Mka1.Edge.Inference.Chat.Jinja;

/// <summary>Puts <see cref="MarkedText"/> together.</summary>
internal sealed class MarkedTextBuilder
{
    private readonly StringBuilder _value = new();
    private readonly StringBuilder _marks = new();

    public int Length => _value.Length;

    public MarkedTextBuilder Append(MarkedText text)
    {
        text.CopyTo(_value, _marks);
        return this;
    }

    /// <summary>Characters that stand for one of another text, with its mark: an escape, say.</summary>
    public MarkedTextBuilder Append(string value, MarkedText source, int index)
    {
        _value.Append(value);
        _marks.Append(source.MarkAt(index), value.Length);
        return this;
    }

    public MarkedText ToText() => new(_value.ToString(), _marks.ToString());
}
