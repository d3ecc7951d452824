using System.Runtime.Intrinsics;

namespace Mka1.Edge.Inference.Kernels.Floats;

/// <summary>A width of vector. Kernels are written once over this; the JIT compiles them afresh for each width, so that nothing is called in an inner loop.</summary>
internal unsafe interface ILanes<TVector>
    where TVector : unmanaged
{
    /// <summary>Floats in a vector.</summary>
    static abstract int Count { get; }

    static abstract TVector Load(float* source);

    /// <summary><c>a · b + c</c>, rounded once.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>The lanes added to four; their order is fixed.</summary>
    static abstract Vector128<float> Fold(TVector vector);
}
