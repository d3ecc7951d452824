using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mka1.Edge.Inference.Kernels;

/// <summary>Weights as 32-bit floats.</summary>
internal readonly struct Float32Rows(float[] weights) : IWeightRows
{
    public long Bytes => weights.LongLength * sizeof(float);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Load(nuint element, out Vector<float> w0, out Vector<float> w1, out Vector<float> w2, out Vector<float> w3)
    {
        ref var first = ref MemoryMarshal.GetArrayDataReference(weights);
        var lanes = (nuint)Vector<float>.Count;
        w0 = Vector.LoadUnsafe(ref first, element);
        w1 = Vector.LoadUnsafe(ref first, element + lanes);
        w2 = Vector.LoadUnsafe(ref first, element + (2 * lanes));
        w3 = Vector.LoadUnsafe(ref first, element + (3 * lanes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Get(nuint element) => weights[element];
}
