namespace Mka1.Edge.Inference.Tokenization;

/// <summary>Writes spaces as a visible character, puts one in front, and cuts before each where asked to (SentencePiece's habit).</summary>
internal sealed class MetaspaceSplit(char replacement, PrependScheme prepend, bool split) : SplitStep
{
    /// <inheritdoc/>
    public override void Split(ReadOnlyMemory<char> piece, bool isStart, List<ReadOnlyMemory<char>> pieces)
    {
        var text = piece.ToString().Replace(' ', replacement);
        if (text[0] != replacement && (prepend == PrependScheme.Always || (prepend == PrependScheme.First && isStart)))
            text = replacement + text;
        var start = 0;
        for (var at = 1; split && at < text.Length; at++)
        {
            if (text[at] != replacement)
                continue;
            pieces.Add(text.AsMemory(start, at - start));
            start = at;
        }
        pieces.Add(text.AsMemory(start));
    }
}
