using System.Globalization;
using System.Text;

namespace Mka1.Edge.Inference.Tokenization;

/// <summary>How vocabulary entries spell the bytes they stand for.</summary>
/// <param name="IsByteLevel">In the alphabet of <see cref="ByteAlphabet"/>.</param>
/// <param name="Space">The character that stands for a space, where not byte-level.</param>
/// <param name="HasByteTokens">Whether <c>&lt;0x0A&gt;</c> stands for a byte.</param>
/// <param name="DropsLeadingSpace">Whether the first space of a decoded text is dropped.</param>
internal sealed record TokenSpelling(bool IsByteLevel, char? Space, bool HasByteTokens, bool DropsLeadingSpace)
{
    /// <summary>The bytes of an entry; null when it is outside the alphabet.</summary>
    public byte[]? BytesOf(string entry)
    {
        if (IsByteLevel)
            return ByteAlphabet.Decode(entry);
        if (HasByteTokens && entry is ['<', '0', 'x', _, _, '>'] && byte.TryParse(entry.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            return [value];
        return Encoding.UTF8.GetBytes(Space is { } space ? entry.Replace(space, ' ') : entry);
    }
}
