namespace Mka1.Edge.Inference.Kernels;

/// <summary>Vectors in the form that a matrix multiplies; reused, so that after the largest need nothing is allocated.</summary>
internal sealed class PreparedVectors
{
    /// <summary>Rounded to bytes, for whole-number products.</summary>
    public RoundedVectors Rounded { get; } = new();

    /// <summary>As floats, each vector at the start of a cache line.</summary>
    public AlignedBuffer Floats { get; } = new();
}
