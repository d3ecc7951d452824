namespace Mka1.Edge.Inference.Tokenization;

/// <summary>Qwen2's pattern, by the scanner written for it: several times the speed of the Regex.</summary>
internal sealed class QwenSplit : SplitStep
{
    /// <inheritdoc/>
    public override void Split(ReadOnlyMemory<char> piece, bool isStart, List<ReadOnlyMemory<char>> pieces)
    {
        while (!piece.IsEmpty)
        {
            var length = PreTokenizer.NextPiece(piece.Span);
            pieces.Add(piece[..length]);
            piece = piece[length..];
        }
    }
}
