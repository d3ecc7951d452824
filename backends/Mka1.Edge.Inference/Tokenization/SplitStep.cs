namespace Mka1.Edge.Inference.Tokenization;

/// <summary>A step of the pre-tokenizer: cuts each piece of text into smaller ones, which tokens never span.</summary>
internal abstract class SplitStep
{
    /// <summary>Appends the pieces of a piece, none of them empty.</summary>
    /// <param name="piece">The text to cut.</param>
    /// <param name="isStart">Whether the whole input begins with this piece.</param>
    /// <param name="pieces">Takes the result.</param>
    public abstract void Split(ReadOnlyMemory<char> piece, bool isStart, List<ReadOnlyMemory<char>> pieces);
}
