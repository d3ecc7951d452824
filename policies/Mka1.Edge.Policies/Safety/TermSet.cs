using System.Buffers;
using System.Collections.Frozen;

namespace Mka1.Edge.Policies.Safety;

/// <summary>Many terms that are looked for in one pass.</summary>
public sealed class TermSet
{
    private readonly SearchValues<string> _first;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _terms;
    private readonly int[] _lengths;
    private readonly bool _wholeWords;

    /// <param name="terms">The terms; none of them empty.</param>
    /// <param name="ignoreCase">Whether upper and lower case are the same.</param>
    /// <param name="wholeWords">Whether a term counts only where no letter or digit stands beside it.</param>
    public TermSet(IReadOnlyCollection<string> terms, bool ignoreCase, bool wholeWords)
    {
        var (search, equality) = ignoreCase
            ? (StringComparison.OrdinalIgnoreCase, StringComparer.OrdinalIgnoreCase)
            : (StringComparison.Ordinal, StringComparer.Ordinal);
        _first = SearchValues.Create([.. terms], search);
        _terms = terms.ToFrozenSet(equality).GetAlternateLookup<ReadOnlySpan<char>>();
        _lengths = [.. terms.Select(term => term.Length).Distinct().Order()];
        _wholeWords = wholeWords;
    }

    /// <summary>Whether one of the terms stands in <paramref name="text"/>.</summary>
    public bool FoundIn(ReadOnlySpan<char> text)
    {
        if (!_wholeWords) return text.ContainsAny(_first);
        for (var from = 0; from < text.Length;)
        {
            var found = text[from..].IndexOfAny(_first);
            if (found < 0) return false;
            var at = from + found;
            if ((at == 0 || !IsWord(text[at - 1])) && EndsAsWord(text[at..])) return true;
            from = at + 1;
        }

        return false;
    }

    /// <summary>Which of the terms begins here is not known: the search says where, and a longer one may fit where a shorter does not.</summary>
    private bool EndsAsWord(ReadOnlySpan<char> text)
    {
        foreach (var length in _lengths)
        {
            if (length > text.Length) return false;
            if ((length == text.Length || !IsWord(text[length])) && _terms.Contains(text[..length])) return true;
        }

        return false;
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';
}
