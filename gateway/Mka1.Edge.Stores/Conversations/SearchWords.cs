using System.Globalization;
using System.Text;

namespace Mka1.Edge.Stores.Conversations;

/// <summary>
/// Takes a text apart into the words a search compares, in any script and without regard to case. Both sides of a search go
/// through here, so that what matches does not hang on the locale a database was made with.
/// </summary>
internal static class SearchWords
{
    /// <summary>UTF-16 units of words taken from one text. Postgres refuses more than a megabyte of them, positions included.</summary>
    private const int MaxLength = 65_536;

    /// <summary>Longest word. Postgres passes over words of 2 KiB and more.</summary>
    private const int MaxWord = 400;

    /// <summary>The words in their order, with a space between two. Holds no control character and nothing with a meaning in SQL.</summary>
    public static string Normalize(string text)
    {
        var words = new StringBuilder(Math.Min(text.Length, MaxLength));
        var begin = -1;
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsOfWord(rune))
            {
                if (begin < 0) begin = at;
            }
            else if (!Take(words, text, ref begin, at))
            {
                return words.ToString();
            }

            at += rune.Utf16SequenceLength;
        }

        Take(words, text, ref begin, text.Length);
        return words.ToString();
    }

    /// <summary>The words of a text, each once.</summary>
    public static HashSet<string> Of(string text) =>
        new(Normalize(text).Split(' ', StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal);

    private static bool Take(StringBuilder words, string text, ref int begin, int end)
    {
        if (begin < 0) return true;
        var length = end - begin;
        if (words.Length + length >= MaxLength) return false;
        if (length <= MaxWord)
        {
            if (words.Length > 0) words.Append(' ');
            // By way of upper case, which has one form for what lower case writes in two, such as the sigma.
            words.Append(text.Substring(begin, length).ToUpperInvariant().ToLowerInvariant());
        }

        begin = -1;
        return true;
    }

    private static bool IsOfWord(Rune rune) => Rune.IsLetterOrDigit(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.OtherNumber or UnicodeCategory.LetterNumber;
}
