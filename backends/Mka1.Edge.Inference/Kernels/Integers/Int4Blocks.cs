using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mka1.Edge.Inference.Kernels.Integers;

/// <summary>Half bytes: the first 32 weights in the lower halves, the others in the upper ones.</summary>
internal readonly unsafe struct Int4Blocks : IBlocks
{
    public static int Bytes => PackedWeights.Chunk;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<byte> First, Vector256<byte> Second) Load(byte* block)
    {
        var bytes = Vector256.Load(block);
        var mask = Vector256.Create((byte)15);

        // Shifted as 16-bit numbers, which every machine can; the mask removes what came over from the neighbour.
        return (bytes & mask, Vector256.ShiftRightLogical(bytes.AsUInt16(), 4).AsByte() & mask);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Offset<TDot>()
        where TDot : struct, IByteDot => TDot.NibbleOffset;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Dot<TDot>(Vector256<int> sum, Vector256<byte> weights, Vector256<sbyte> x)
        where TDot : struct, IByteDot => TDot.Nibbles(sum, weights, x);
}
