using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mka1.Edge.Inference.Kernels.Floats;

/// <summary>As many floats at a time as <see cref="Vector{T}"/> holds.</summary>
internal readonly unsafe struct PortableLanes : ILanes<Vector<float>>
{
    public static int Count => Vector<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Load(float* source) => Vector.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> MultiplyAdd(Vector<float> a, Vector<float> b, Vector<float> c) => Vector.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Fold(Vector<float> vector) => Vector<float>.Count switch
    {
        4 => vector.AsVector128(),
        8 => LaneSums.Fold(vector.AsVector256()),
        _ => LaneSums.Fold(vector.AsVector512()),
    };
}
