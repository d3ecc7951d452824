using System.Text;

namespace Mka1.Edge.Responses;

/// <summary>One content part, summary part or call text as the stream builds it.</summary>
internal sealed class PartTrack(string type)
{
    private readonly StringBuilder _text = new();

    public string Type => type;

    /// <summary>Its text event is done.</summary>
    public bool TextDone { get; private set; }

    /// <summary>Its part event is done too.</summary>
    public bool Done { get; set; }

    public string? Delta(string delta)
    {
        if (TextDone)
            return "has a delta after its text was done";
        _text.Append(delta);
        return null;
    }

    public string? Finish(string whole)
    {
        if (TextDone)
            return "has its text done twice";
        TextDone = true;
        // A server may send the whole text at once, without deltas.
        if (_text.Length == 0)
            _text.Append(whole);
        return Holds(whole) ? null : "has a final text that is not its deltas joined";
    }

    /// <summary>Whether the text is exactly what was streamed.</summary>
    public bool Holds(string whole) => _text.Length == whole.Length && _text.Equals(whole.AsSpan());
}
