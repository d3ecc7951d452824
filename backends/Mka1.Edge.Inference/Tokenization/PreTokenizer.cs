using System.Text;

namespace Mka1.Edge.Inference.Tokenization;

/// <summary>Cuts text into the pieces that BPE works on, as Qwen2's regular expression does.</summary>
/// <remarks>
/// Written out by hand because the pattern speaks of code points, while .NET's Regex sees UTF-16 units: it takes a letter
/// outside the BMP for two symbols. Alternatives are tried in the order of the pattern, quoted at each.
/// </remarks>
internal static class PreTokenizer
{
    /// <summary>The only pattern there is a scanner for.</summary>
    public const string Pattern =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private enum CharClass
    {
        Letter,
        Number,
        Space,
        Other,
    }

    /// <summary>How many UTF-16 units the piece at the start of this text (not empty) has.</summary>
    public static int NextPiece(ReadOnlySpan<char> text)
    {
        var contraction = Contraction(text);
        if (contraction > 0)
            return contraction;

        var first = Classify(text, out var width);

        // [^\r\n\p{L}\p{N}]?\p{L}+
        if (first == CharClass.Letter)
            return width + Run(text[width..], CharClass.Letter);
        if (first != CharClass.Number && text[0] is not ('\r' or '\n'))
        {
            var letters = Run(text[width..], CharClass.Letter);
            if (letters > 0)
                return width + letters;
        }

        // \p{N}
        if (first == CharClass.Number)
            return width;

        //  ?[^\s\p{L}\p{N}]+[\r\n]*
        var lead = text[0] == ' ' ? 1 : 0;
        var symbols = Run(text[lead..], CharClass.Other);
        if (symbols > 0)
        {
            var end = lead + symbols;
            while (end < text.Length && text[end] is '\r' or '\n')
                end++;
            return end;
        }
        return WhiteSpace(text);
    }

    // \s*[\r\n]+|\s+(?!\S)|\s+
    private static int WhiteSpace(ReadOnlySpan<char> text)
    {
        var run = Run(text, CharClass.Space);
        var lastNewline = text[..run].LastIndexOfAny('\r', '\n');
        if (lastNewline >= 0)
            return lastNewline + 1;

        // White space before a word leaves its last character to the word. All white space is in the BMP: one unit each.
        return run == text.Length || run == 1 ? run : run - 1;
    }

    // (?i:'s|'t|'re|'ve|'m|'ll|'d)
    private static int Contraction(ReadOnlySpan<char> text)
    {
        if (text.Length < 2 || text[0] != '\'')
            return 0;
        var a = Fold(text[1]);
        if (a is 's' or 't' or 'm' or 'd')
            return 2;
        if (text.Length < 3)
            return 0;
        return (a, Fold(text[2])) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? 3 : 0;
    }

    // Case folding by Unicode's rules: U+017F (long s) is an s.
    private static char Fold(char c) => c == '\u017F' ? 's' : char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c;

    private static int Run(ReadOnlySpan<char> text, CharClass wanted)
    {
        var length = 0;
        while (length < text.Length && Classify(text[length..], out var width) == wanted)
            length += width;
        return length;
    }

    private static CharClass Classify(ReadOnlySpan<char> text, out int width)
    {
        // A lone surrogate decodes to U+FFFD, a symbol, which is also what its UTF-8 bytes will say.
        Rune.DecodeFromUtf16(text, out var rune, out width);
        if (Rune.IsLetter(rune))
            return CharClass.Letter;
        if (Rune.IsNumber(rune))
            return CharClass.Number;
        return Rune.IsWhiteSpace(rune) ? CharClass.Space : CharClass.Other;
    }
}
