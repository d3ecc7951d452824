using System.Globalization;
using System.Text;

namespace Mka1.Edge.Inference.Tokenization.Unicode;

/// <summary>Text as one UTF-16 unit a code point, for a Regex that would else see a letter outside the BMP as two symbols.</summary>
/// <remarks>
/// A code point outside the BMP is shown as one in it of the same general category, which is all that the patterns of
/// tokenizers ask about such characters; a lone surrogate is shown as U+FFFD, which is what its UTF-8 bytes will say.
/// </remarks>
internal readonly ref struct CodePointText
{
    private static readonly char[] StandIns = BuildStandIns();
    private readonly int[]? _offsets;

    public CodePointText(ReadOnlySpan<char> text)
    {
        Text = text;
        if (text.IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
            return;
        var shown = new char[text.Length];
        _offsets = new int[text.Length + 1];
        var count = 0;
        for (var at = 0; at < text.Length; count++)
        {
            Rune.DecodeFromUtf16(text[at..], out var rune, out var width);
            shown[count] = rune.IsBmp ? (char)rune.Value : StandIns[(int)Rune.GetUnicodeCategory(rune)];
            _offsets[count] = at;
            at += width;
        }
        _offsets[count] = text.Length;
        Text = shown.AsSpan(0, count);
    }

    /// <summary>What the Regex looks at.</summary>
    public ReadOnlySpan<char> Text { get; }

    /// <summary>Where a place of <see cref="Text"/> is in the text itself.</summary>
    public int OffsetOf(int place) => _offsets is null ? place : _offsets[place];

    // The last character of each category: among letters far from the ranges that patterns spell out.
    private static char[] BuildStandIns()
    {
        var result = Enumerable.Repeat('\uFFFD', 30).ToArray();
        for (var c = '\u0080'; c < '\uD800'; c++)
            result[(int)CharUnicodeInfo.GetUnicodeCategory(c)] = c;
        result[(int)UnicodeCategory.OtherLetter] = '\uA4F7';
        result[(int)UnicodeCategory.PrivateUse] = '\uE000';
        return result;
    }
}
