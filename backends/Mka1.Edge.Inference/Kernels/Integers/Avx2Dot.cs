using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Mka1.Edge.Inference.Kernels.Integers;

/// <summary>x86 with AVX2: unsigned by signed bytes, pairs added to 16 bits, then to 32. The weight's sign moves to the activation, which keeps the pair sums below 2¹⁵.</summary>
internal readonly struct Avx2Dot : IByteDot
{
    public static int ByteOffset => 0;

    public static int NibbleOffset => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Bytes(Vector256<int> sum, Vector256<sbyte> weights, Vector256<sbyte> x) =>
        Nibbles(sum, Avx2.Abs(weights), Avx2.Sign(x, weights));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Nibbles(Vector256<int> sum, Vector256<byte> weights, Vector256<sbyte> x) =>
        sum + Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(weights, x), Vector256<short>.One);
}
