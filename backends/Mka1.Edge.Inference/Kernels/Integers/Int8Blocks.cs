using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mka1.Edge.Inference.Kernels.Integers;

/// <summary>Signed bytes in order.</summary>
internal readonly unsafe struct Int8Blocks : IBlocks
{
    public static int Bytes => PackedWeights.Block;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<byte> First, Vector256<byte> Second) Load(byte* block) => (Vector256.Load(block), Vector256.Load(block + PackedWeights.Chunk));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Offset<TDot>()
        where TDot : struct, IByteDot => TDot.ByteOffset;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Dot<TDot>(Vector256<int> sum, Vector256<byte> weights, Vector256<sbyte> x)
        where TDot : struct, IByteDot => TDot.Bytes(sum, weights.AsSByte(), x);
}
