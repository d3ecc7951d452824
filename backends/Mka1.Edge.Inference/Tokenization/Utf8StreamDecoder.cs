using System.Text;

namespace Mka1.Edge.Inference.Tokenization;

/// <summary>Turns token bytes into text as they come: never half a code point, never a lone surrogate.</summary>
/// <remarks>Bytes that cannot become valid UTF-8 turn into U+FFFD. One instance a stream; not thread-safe.</remarks>
public sealed class Utf8StreamDecoder
{
    private readonly Decoder _decoder = new UTF8Encoding(false, throwOnInvalidBytes: false).GetDecoder();
    private char[] _chars = new char[64];

    /// <summary>Adds bytes and returns the text that is certain by now, possibly empty.</summary>
    public string Append(ReadOnlySpan<byte> bytes) => Convert(bytes, flush: false);

    /// <summary>Ends the stream: an unfinished code point becomes U+FFFD. The decoder can then be used afresh.</summary>
    public string Flush() => Convert([], flush: true);

    private string Convert(ReadOnlySpan<byte> bytes, bool flush)
    {
        var needed = _decoder.GetCharCount(bytes, flush);
        if (needed > _chars.Length)
            _chars = new char[Math.Max(needed, _chars.Length * 2)];
        var count = _decoder.GetChars(bytes, _chars, flush);
        return count == 0 ? "" : new string(_chars, 0, count);
    }
}
