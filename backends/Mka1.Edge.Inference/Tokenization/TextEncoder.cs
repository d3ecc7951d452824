using System.Runtime.InteropServices;

namespace Mka1.Edge.Inference.Tokenization;

/// <summary>The way from text to ids: added tokens, normalizer, pre-tokenizer, merges.</summary>
internal sealed class TextEncoder(IReadOnlyList<AddedToken> added, Func<string, string> normalize, IReadOnlyList<SplitStep> steps, BytePairEncoder encoder)
{
    // Callers' text, in which control tokens are letters; and text of the model's own template, in which they are tokens.
    private readonly Matchers _plain = new(added.Where(token => !token.IsMarkup), normalize);
    private readonly Matchers _marked = new(added, normalize);
    private readonly AddedTokenMatcher _controls = new(added.Where(token => token.IsMarkup), token => token.Content);

    /// <summary>Cuts text into control tokens and what is between them.</summary>
    /// <param name="text">The text.</param>
    /// <param name="counts">Whether a spelling from one place to another may be a token.</param>
    public List<TokenSegment> Cut(string text, Func<int, int, bool> counts)
    {
        var segments = new List<TokenSegment>();
        for (var at = 0; at < text.Length;)
        {
            var offset = at;
            var token = _controls.Find(text.AsSpan(at), out var start, out var end, (from, to) => counts(offset + from, offset + to));
            if (start > 0)
                segments.Add(new TokenSegment.Text(text.Substring(at, start)));
            if (token is not null)
                segments.Add(new TokenSegment.Special(token.Id));
            at += end;
        }
        return segments;
    }

    /// <summary>Appends the ids of a stretch of text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="controls">Whether control tokens spelled in it become such.</param>
    /// <param name="isStart">Whether the whole input begins with it.</param>
    /// <param name="ids">Takes the result.</param>
    public void Encode(string text, bool controls, bool isStart, List<int> ids)
    {
        var matchers = controls ? _marked : _plain;
        EachStretch(matchers.Raw, text, isStart, ids, (raw, rawIsStart) =>
            EachStretch(matchers.Normalized, normalize(raw), rawIsStart, ids, (stretch, stretchIsStart) => EncodeStretch(stretch, stretchIsStart, ids)));
    }

    private static void EachStretch(AddedTokenMatcher matcher, string text, bool isStart, List<int> ids, Action<string, bool> between)
    {
        var at = 0;
        while (at < text.Length)
        {
            var token = matcher.Find(text.AsSpan(at), out var start, out var end);
            if (start > 0)
                between(text.Substring(at, start), isStart && at == 0);
            if (token is not null)
                ids.Add(token.Id);
            at += end;
        }
    }

    private void EncodeStretch(string text, bool isStart, List<int> ids)
    {
        List<ReadOnlyMemory<char>> pieces = [text.AsMemory()];
        foreach (var step in steps)
        {
            var next = new List<ReadOnlyMemory<char>>(pieces.Count * 2);
            for (var i = 0; i < pieces.Count; i++)
                step.Split(pieces[i], isStart && i == 0, next);
            pieces = next;
        }
        foreach (var piece in CollectionsMarshal.AsSpan(pieces))
            encoder.Encode(piece.Span, ids);
    }

    /// <summary>Added tokens looked for before and after normalization.</summary>
    private sealed class Matchers(IEnumerable<AddedToken> tokens, Func<string, string> normalize)
    {
        public AddedTokenMatcher Raw { get; } = new(tokens.Where(token => !token.IsNormalized), token => token.Content);

        public AddedTokenMatcher Normalized { get; } = new(tokens.Where(token => token.IsNormalized), token => normalize(token.Content));
    }
}
