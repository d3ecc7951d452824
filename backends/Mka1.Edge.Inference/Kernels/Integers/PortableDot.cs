using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mka1.Edge.Inference.Kernels.Integers;

/// <summary>Any machine with 128-bit vectors, Arm NEON and WebAssembly among them: products of 16 bits, added as 32.</summary>
internal readonly struct PortableDot : IByteDot
{
    public static int ByteOffset => 0;

    public static int NibbleOffset => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Bytes(Vector256<int> sum, Vector256<sbyte> weights, Vector256<sbyte> x) => Vector256.Create(
        sum.GetLower() + Fours(weights.GetLower(), x.GetLower()),
        sum.GetUpper() + Fours(weights.GetUpper(), x.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Nibbles(Vector256<int> sum, Vector256<byte> weights, Vector256<sbyte> x) =>
        Bytes(sum, weights.AsSByte() - Vector256.Create((sbyte)8), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Fours(Vector128<sbyte> a, Vector128<sbyte> b)
    {
        // A product is at most 128 · 127, so 16 bits hold it; two of them need 32.
        var low = Pairs(Vector128.WidenLower(a) * Vector128.WidenLower(b));
        var high = Pairs(Vector128.WidenUpper(a) * Vector128.WidenUpper(b));
        return Vector128.Create(Halves(low), Halves(high));
    }

    // Neighbours added, widened: the even ones by shifting up and down again, the odd ones by shifting down.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Pairs(Vector128<short> v) => Vector128.ShiftRightArithmetic(Vector128.ShiftLeft(v.AsInt32(), 16), 16) + Vector128.ShiftRightArithmetic(v.AsInt32(), 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector64<int> Halves(Vector128<int> v)
    {
        var sums = v + Vector128.Shuffle(v, Vector128.Create(1, 0, 3, 2));
        return Vector128.Shuffle(sums, Vector128.Create(0, 2, 0, 2)).GetLower();
    }
}
