using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mka1.Edge.Inference.Kernels;

/// <summary>Weights as bfloat16, the upper half of a float: half the memory traffic, widened by a shift on the way in.</summary>
internal readonly struct BFloat16Rows(ushort[] weights) : IWeightRows
{
    public long Bytes => weights.LongLength * sizeof(ushort);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Load(nuint element, out Vector<float> w0, out Vector<float> w1, out Vector<float> w2, out Vector<float> w3)
    {
        ref var first = ref MemoryMarshal.GetArrayDataReference(weights);
        Vector.Widen(Vector.LoadUnsafe(ref first, element), out var a, out var b);
        Vector.Widen(Vector.LoadUnsafe(ref first, element + (nuint)Vector<ushort>.Count), out var c, out var d);
        w0 = Vector.AsVectorSingle(Vector.ShiftLeft(a, 16));
        w1 = Vector.AsVectorSingle(Vector.ShiftLeft(b, 16));
        w2 = Vector.AsVectorSingle(Vector.ShiftLeft(c, 16));
        w3 = Vector.AsVectorSingle(Vector.ShiftLeft(d, 16));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Get(nuint element) => BitConverter.UInt32BitsToSingle((uint)weights[element] << 16);
}
