using System.Runtime.InteropServices;
using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>Facts about JSON strings, read from their raw bytes.</summary>
internal static class JsonStrings
{
    /// <summary>Whether a JSON string has min to max code points. Most are settled by their bytes, which are never fewer.</summary>
    public static bool HasLength(JsonElement text, int min, int max)
    {
        var raw = JsonMarshal.GetRawUtf8Value(text)[1..^1];
        if (raw.Length <= max && min <= 1)
            return raw.Length >= min;
        var length = CountCodePoints(raw);
        return length >= min && length <= max;
    }

    /// <summary>Code points of a JSON string, escapes counted as what they stand for.</summary>
    public static int CountCodePoints(JsonElement text)
    {
        var raw = JsonMarshal.GetRawUtf8Value(text);
        return CountCodePoints(raw[1..^1]);
    }

    /// <summary>Code points of the bytes between a JSON string's quotes.</summary>
    public static int CountCodePoints(ReadOnlySpan<byte> raw)
    {
        var count = 0;
        while (true)
        {
            var escape = raw.IndexOf((byte)'\\');
            var plain = escape < 0 ? raw : raw[..escape];
            count += CountLeadBytes(plain);
            if (escape < 0)
                return count;

            var unicode = raw[escape + 1] == (byte)'u';
            // The second half of a pair adds nothing to the code point its first half began.
            if (!unicode || !IsLowSurrogate(raw.Slice(escape + 2, 4)))
                count++;
            raw = raw[(escape + (unicode ? 6 : 2))..];
        }
    }

    /// <summary>Code points of a .NET string.</summary>
    public static int CountCodePoints(string text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes())
            count++;
        return count;
    }

    /// <summary>Whether an escaped string names half of a surrogate pair alone: valid JSON, but no text.</summary>
    public static bool HasLoneSurrogate(ReadOnlySpan<byte> raw)
    {
        while (true)
        {
            var escape = raw.IndexOf((byte)'\\');
            if (escape < 0)
                return false;
            if (raw[escape + 1] != (byte)'u')
            {
                raw = raw[(escape + 2)..];
                continue;
            }

            var unit = HexValue(raw.Slice(escape + 2, 4));
            raw = raw[(escape + 6)..];
            if (unit is >= 0xDC00 and <= 0xDFFF)
                return true;
            if (unit is < 0xD800 or > 0xDBFF)
                continue;
            if (raw.Length < 6 || raw[0] != (byte)'\\' || raw[1] != (byte)'u' || !IsLowSurrogate(raw.Slice(2, 4)))
                return true;
            raw = raw[6..];
        }
    }

    private static bool IsLowSurrogate(ReadOnlySpan<byte> hex) => HexValue(hex) is >= 0xDC00 and <= 0xDFFF;

    private static int HexValue(ReadOnlySpan<byte> hex)
    {
        var value = 0;
        foreach (var digit in hex)
            value = (value << 4) | HexDigit(digit);
        return value;
    }

    private static int HexDigit(byte digit) => digit <= (byte)'9' ? digit - (byte)'0' : (digit | 0x20) - (byte)'a' + 10;

    private static int CountLeadBytes(ReadOnlySpan<byte> utf8)
    {
        // Every byte of valid UTF-8 that is not a continuation (10xxxxxx) begins a code point.
        var count = 0;
        foreach (var unit in utf8)
            count += (sbyte)unit >= -64 ? 1 : 0;
        return count;
    }
}
