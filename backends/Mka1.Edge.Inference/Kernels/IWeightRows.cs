using System.Numerics;

namespace Mka1.Edge.Inference.Kernels;

/// <summary>
/// How weights lie in memory. Kernels are written once, over this; the JIT compiles them afresh for each struct that
/// implements it, so that there is no call in the inner loop.
/// </summary>
internal interface IWeightRows
{
    /// <summary>Bytes held, scales included.</summary>
    long Bytes { get; }

    /// <summary>Four vectors of neighbouring weights, from this element of the flat matrix on, as floats.</summary>
    void Load(nuint element, out Vector<float> w0, out Vector<float> w1, out Vector<float> w2, out Vector<float> w3);

    /// <summary>One weight as a float.</summary>
    float Get(nuint element);
}
