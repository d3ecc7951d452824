using Mka1.Edge.Inference.Tokenization;

namespace Mka1.Edge.ModelServer.Answering;

/// <summary>Reads one think section: passes its text on without the white space around it, which belongs to the tags.</summary>
/// <remarks>Keeps an unfinished code point and white space that may be the last. Not thread-safe.</remarks>
internal sealed class ThoughtReader(IAnswerSink sink)
{
    private readonly Utf8StreamDecoder _decoder = new();
    private string _held = "";
    private bool _any;

    /// <summary>More of the section.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        var text = _held + _decoder.Append(bytes);
        if (!_any)
            text = text.TrimStart();
        var certain = text.AsSpan().TrimEnd();
        _held = text[certain.Length..];
        if (certain.IsEmpty)
            return;
        _any = true;
        sink.Thought(certain);
    }

    /// <summary>Its end tag has come. Half a code point before a forced end is dropped: it is no character.</summary>
    public void End()
    {
        if (_any)
            sink.ThoughtEnded();
    }
}
