using System.Runtime.CompilerServices;

namespace Mka1.Edge.Inference.Kernels.Floats;

/// <summary>Weights as 32-bit floats.</summary>
internal readonly unsafe struct Float32Row<TVector, TLanes>(float* weights) : IWeightRow<Float32Row<TVector, TLanes>, TVector>
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Float32Row<TVector, TLanes> At(nuint element) => new(weights + element);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Load(nuint element) => TLanes.Load(weights + element);

    // Nothing is gained here: rows of floats are long enough for the machine to see where they lead.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fetch(nuint element)
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Get(nuint element) => Unsafe.ReadUnaligned<float>(weights + element);
}
