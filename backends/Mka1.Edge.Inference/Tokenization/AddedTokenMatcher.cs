using System.Buffers;
using System.Runtime.InteropServices;

namespace Mka1.Edge.Inference.Tokenization;

/// <summary>Finds added tokens in text: the leftmost, and the longest of those that start there.</summary>
internal sealed class AddedTokenMatcher
{
    private readonly SearchValues<string>? _any;
    private readonly Dictionary<char, List<(string Content, AddedToken Token)>> _byFirst = [];

    /// <param name="tokens">The tokens to find.</param>
    /// <param name="spelling">How a token is spelled in the text that is searched.</param>
    public AddedTokenMatcher(IEnumerable<AddedToken> tokens, Func<AddedToken, string> spelling)
    {
        var contents = new List<string>();
        foreach (var token in tokens)
        {
            var content = spelling(token);
            contents.Add(content);
            ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(_byFirst, content[0], out _);
            (list ??= []).Add((content, token));
        }
        foreach (var list in _byFirst.Values)
            list.Sort((a, b) => b.Content.Length.CompareTo(a.Content.Length));
        _any = contents.Count == 0 ? null : SearchValues.Create(CollectionsMarshal.AsSpan(contents), StringComparison.Ordinal);
    }

    /// <summary>The first token in the text, or null; what it swallows around itself is part of the match.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where the match begins.</param>
    /// <param name="end">One past its end.</param>
    /// <param name="counts">Whether a spelling from one place to another counts as the token; always when null.</param>
    public AddedToken? Find(ReadOnlySpan<char> text, out int start, out int end, Func<int, int, bool>? counts = null)
    {
        (start, end) = (text.Length, text.Length);
        for (var from = 0; _any is not null && from < text.Length;)
        {
            var next = text[from..].IndexOfAny(_any);
            if (next < 0)
                return null;
            var at = from + next;
            foreach (var (content, token) in _byFirst[text[at]])
            {
                if (!text[at..].StartsWith(content, StringComparison.Ordinal) || counts?.Invoke(at, at + content.Length) == false)
                    continue;
                start = token.StripsLeft ? text[..at].TrimEnd().Length : at;
                end = at + content.Length;
                if (token.StripsRight)
                    end = text.Length - text[end..].TrimStart().Length;
                return token;
            }
            from = at + 1;
        }
        return null;
    }
}
