using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mka1.Edge.Inference.Kernels;

/// <summary>
/// Weights as signed bytes, each group of neighbours with a scale of its own. A weight is <c>byte * scale</c>, rounded to
/// float before it is multiplied: the very numbers a dequantized copy would hold.
/// </summary>
/// <param name="weights">The bytes, row after row.</param>
/// <param name="scales">One scale a group, in the same order.</param>
/// <param name="groupShift">Base-2 logarithm of the group size; a group is never smaller than <see cref="MinGroup"/> and never spans two rows.</param>
internal readonly struct Int8Rows(sbyte[] weights, float[] scales, int groupShift) : IWeightRows
{
    /// <summary>A load of four vectors must lie within one group, up to 512-bit vectors.</summary>
    public const int MinGroup = 64;

    public long Bytes => weights.LongLength + (scales.LongLength * sizeof(float));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Load(nuint element, out Vector<float> w0, out Vector<float> w1, out Vector<float> w2, out Vector<float> w3)
    {
        var bytes = Vector.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(weights), element);
        var scale = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(scales), element >> groupShift);
        Vector.Widen(bytes, out var low, out var high);
        Vector.Widen(low, out var a, out var b);
        Vector.Widen(high, out var c, out var d);
        w0 = Vector.ConvertToSingle(a) * scale;
        w1 = Vector.ConvertToSingle(b) * scale;
        w2 = Vector.ConvertToSingle(c) * scale;
        w3 = Vector.ConvertToSingle(d) * scale;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Get(nuint element) => weights[element] * scales[element >> groupShift];
}
