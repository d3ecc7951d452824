using System.Runtime.Intrinsics;

namespace Mka1.Edge.Inference.Kernels.Integers;

/// <summary>Instructions that multiply 32 weights by 32 activations and add the products, by fours, to eight whole numbers: exactly, so that all implementations agree.</summary>
internal interface IByteDot
{
    /// <summary>What <see cref="Bytes"/> adds to each weight.</summary>
    static abstract int ByteOffset { get; }

    /// <summary>What <see cref="Nibbles"/> leaves added to each weight.</summary>
    static abstract int NibbleOffset { get; }

    /// <summary>Lane j gains Σ (weight + offset) · x over the bytes 4j to 4j + 3.</summary>
    static abstract Vector256<int> Bytes(Vector256<int> sum, Vector256<sbyte> weights, Vector256<sbyte> x);

    /// <summary>The same for weights from 0 to 15, which stand for -8 to 7.</summary>
    static abstract Vector256<int> Nibbles(Vector256<int> sum, Vector256<byte> weights, Vector256<sbyte> x);
}
