namespace Mka1.Edge.Inference.Tokenization;

/// <summary>What becomes of the text that a split's pattern matches.</summary>
internal enum SplitBehavior
{
    /// <summary>A piece of its own.</summary>
    Isolated,

    /// <summary>Dropped.</summary>
    Removed,

    /// <summary>The end of the piece before it.</summary>
    MergedWithPrevious,

    /// <summary>The start of the piece after it.</summary>
    MergedWithNext,

    /// <summary>Matches in a row make up one piece.</summary>
    Contiguous,
}
