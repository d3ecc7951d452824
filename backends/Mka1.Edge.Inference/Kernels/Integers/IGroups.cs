namespace Mka1.Edge.Inference.Kernels.Integers;

/// <summary>How finely blocks are scaled.</summary>
internal interface IGroups
{
    /// <summary>Scales in a block: 2 when its halves have scales of their own, else 1.</summary>
    static abstract int InBlock { get; }
}
