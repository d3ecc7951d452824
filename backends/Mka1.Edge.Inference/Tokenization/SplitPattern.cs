using System.Text.RegularExpressions;

namespace Mka1.Edge.Inference.Tokenization;

/// <summary>Patterns of tokenizer files as .NET expressions: only those parts of the language that mean the same in both.</summary>
internal static partial class SplitPattern
{
    // General categories, white space, decimal digits, control characters, and escaped punctuation.
    private const string Escapes = @"\\(?:[pP]\{[LMNPSZC][a-z]?\}|[sSdDrntfv]|[^\w\s])";

    // A pattern is the model's, not a caller's; the bound is for one made to stall.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>The expression, for text shown by <see cref="Unicode.CodePointText"/>.</summary>
    /// <exception cref="ArgumentException">The pattern uses something that means another thing here, or is none.</exception>
    public static Regex Compile(string pattern)
    {
        for (var i = 0; i < pattern.Length; i++)
        {
            if (char.IsSurrogate(pattern[i]))
                throw new ArgumentException("it names characters outside the BMP");
            if (pattern[i] == '\\' && !SafeEscape().IsMatch(pattern.AsSpan(i)))
                throw new ArgumentException($"the escape '{pattern.AsSpan(i, Math.Min(2, pattern.Length - i))}' may mean something else here");
            if (pattern[i] == '\\')
                i++;
        }
        var bare = AnyEscape().Replace(pattern, "x");
        if (NestedClass().IsMatch(bare))
            throw new ArgumentException("it has a set within a set");
        if (Anchor().IsMatch(CharacterClass().Replace(bare, "x")))
            throw new ArgumentException("^ and $ mean lines in one dialect and texts in the other");

        // Unicode folds the long s into s; .NET does not.
        var folded = pattern.Replace("(?i:'s|", "(?i:'[s\u017F]|", StringComparison.Ordinal).Replace("(?i:[sdmt]|", "(?i:[s\u017Fdmt]|", StringComparison.Ordinal);
        return new Regex(folded, RegexOptions.CultureInvariant | RegexOptions.Compiled, Limit);
    }

    [GeneratedRegex("^" + Escapes)]
    private static partial Regex SafeEscape();

    [GeneratedRegex(Escapes)]
    private static partial Regex AnyEscape();

    [GeneratedRegex(@"\[[^\]]*\[|&&")]
    private static partial Regex NestedClass();

    [GeneratedRegex(@"\[\^?\]?[^\]]*\]")]
    private static partial Regex CharacterClass();

    [GeneratedRegex(@"[\^$]")]
    private static partial Regex Anchor();
}
