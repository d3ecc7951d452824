namespace Mka1.Edge.Inference.Tokenization;

/// <summary>Cuts a piece of text into the smallest tokens there are, where merging starts.</summary>
internal interface IPieceSymbols
{
    /// <summary>Appends the ids.</summary>
    void Append(ReadOnlySpan<char> piece, List<int> ids);
}
