using System.Text.RegularExpressions;
using Mka1.Edge.Inference.Tokenization.Unicode;

namespace Mka1.Edge.Inference.Tokenization;

/// <summary>Cuts text by a pattern, as the <c>Split</c> pre-tokenizer does.</summary>
internal sealed class PatternSplit(Regex pattern, SplitBehavior behavior, bool invert) : SplitStep
{
    /// <inheritdoc/>
    public override void Split(ReadOnlyMemory<char> piece, bool isStart, List<ReadOnlyMemory<char>> pieces)
    {
        var first = pieces.Count;
        var text = new CodePointText(piece.Span);
        var done = 0;
        var afterMatch = false;
        foreach (var match in pattern.EnumerateMatches(text.Text))
        {
            if (match.Length == 0)
                continue;
            Add(piece, text.OffsetOf(done), text.OffsetOf(match.Index), invert, ref afterMatch, first, pieces);
            done = match.Index + match.Length;
            Add(piece, text.OffsetOf(match.Index), text.OffsetOf(done), !invert, ref afterMatch, first, pieces);
        }
        Add(piece, text.OffsetOf(done), piece.Length, invert, ref afterMatch, first, pieces);
    }

    private void Add(ReadOnlyMemory<char> whole, int start, int end, bool isMatch, ref bool afterMatch, int first, List<ReadOnlyMemory<char>> pieces)
    {
        if (start == end)
            return;
        var previous = pieces.Count > first ? pieces[^1].Length : 0;
        var joins = previous > 0 && behavior switch
        {
            SplitBehavior.Contiguous => isMatch == afterMatch,
            SplitBehavior.MergedWithPrevious => isMatch && !afterMatch,
            SplitBehavior.MergedWithNext => !isMatch && afterMatch,
            _ => false,
        };
        if (joins)
            pieces[^1] = whole[(start - previous)..end];
        else if (!(isMatch && behavior == SplitBehavior.Removed))
            pieces.Add(whole[start..end]);
        afterMatch = isMatch;
    }
}
