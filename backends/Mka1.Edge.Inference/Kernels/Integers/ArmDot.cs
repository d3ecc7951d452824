using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Mka1.Edge.Inference.Kernels.Integers;

/// <summary>Arm with the dot-product extension: one instruction multiplies and adds fours of signed bytes.</summary>
internal readonly struct ArmDot : IByteDot
{
    public static int ByteOffset => 0;

    public static int NibbleOffset => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Bytes(Vector256<int> sum, Vector256<sbyte> weights, Vector256<sbyte> x) => Vector256.Create(
        Dp.DotProduct(sum.GetLower(), weights.GetLower(), x.GetLower()),
        Dp.DotProduct(sum.GetUpper(), weights.GetUpper(), x.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Nibbles(Vector256<int> sum, Vector256<byte> weights, Vector256<sbyte> x) =>
        Bytes(sum, weights.AsSByte() - Vector256.Create((sbyte)8), x);
}
