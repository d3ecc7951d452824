namespace Mka1.Edge.Inference.Tokenization;

/// <summary>Puts a space before each piece that has none (ByteLevel's <c>add_prefix_space</c>).</summary>
internal sealed class PrefixSpace : SplitStep
{
    /// <inheritdoc/>
    public override void Split(ReadOnlyMemory<char> piece, bool isStart, List<ReadOnlyMemory<char>> pieces) =>
        pieces.Add(piece.Span[0] == ' ' ? piece : (" " + piece.ToString()).AsMemory());
}
