using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mka1.Edge.Inference.Kernels.Floats;

/// <summary>Weights as bfloat16, the upper half of a float: half the memory traffic, widened by a shift on the way in.</summary>
internal readonly unsafe struct BFloat16Row(ushort* weights) : IWeightRow<BFloat16Row, Vector512<float>>, IWeightRow<BFloat16Row, Vector<float>>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public BFloat16Row At(nuint element) => new(weights + element);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    Vector512<float> IWeightRow<BFloat16Row, Vector512<float>>.Load(nuint element)
    {
        var (low, high) = Vector256.Widen(Vector256.Load(weights + element));
        return Vector512.ShiftLeft(Vector512.Create(low, high), 16).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    Vector<float> IWeightRow<BFloat16Row, Vector<float>>.Load(nuint element)
    {
        // Half a vector of patterns makes a whole one of floats. Reading half of it keeps within the row.
        if (Vector<float>.Count == Vector256<float>.Count)
        {
            var (low, high) = Vector128.Widen(Vector128.Load(weights + element));
            return Vector256.ShiftLeft(Vector256.Create(low, high), 16).AsSingle().AsVector();
        }
        if (Vector<float>.Count == Vector128<float>.Count)
            return Vector128.ShiftLeft(Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(weights + element)).AsUInt16()), 16).AsSingle().AsVector();

        var (first, second) = Vector256.Widen(Vector256.Load(weights + element));
        return Vector512.ShiftLeft(Vector512.Create(first, second), 16).AsSingle().AsVector();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fetch(nuint element) => Prefetch.Line(weights + element);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Get(nuint element) => BitConverter.UInt32BitsToSingle((uint)Unsafe.ReadUnaligned<ushort>(weights + element) << 16);
}
