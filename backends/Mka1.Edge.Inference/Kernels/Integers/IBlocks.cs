using System.Runtime.Intrinsics;

namespace Mka1.Edge.Inference.Kernels.Integers;

/// <summary>How a block of 64 packed weights lies in memory.</summary>
internal unsafe interface IBlocks
{
    /// <summary>Bytes of a block.</summary>
    static abstract int Bytes { get; }

    /// <summary>The block's two chunks of 32 weights.</summary>
    static abstract (Vector256<byte> First, Vector256<byte> Second) Load(byte* block);

    /// <summary>What <see cref="Dot"/> leaves added to each weight.</summary>
    static abstract int Offset<TDot>()
        where TDot : struct, IByteDot;

    static abstract Vector256<int> Dot<TDot>(Vector256<int> sum, Vector256<byte> weights, Vector256<sbyte> x)
        where TDot : struct, IByteDot;
}
