using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Mka1.Edge.Inference.Kernels.Integers;

/// <summary>x86 with AVX-VNNI: one instruction multiplies and adds fours, for unsigned by signed bytes; adding 128 makes a signed weight unsigned.</summary>
internal readonly struct VnniDot : IByteDot
{
    public static int ByteOffset => 128;

    public static int NibbleOffset => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Bytes(Vector256<int> sum, Vector256<sbyte> weights, Vector256<sbyte> x) =>
        AvxVnni.MultiplyWideningAndAdd(sum, weights.AsByte() ^ Vector256.Create((byte)0x80), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Nibbles(Vector256<int> sum, Vector256<byte> weights, Vector256<sbyte> x) =>
        AvxVnni.MultiplyWideningAndAdd(sum, weights, x);
}
