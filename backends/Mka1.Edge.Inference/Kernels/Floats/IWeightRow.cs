namespace Mka1.Edge.Inference.Kernels.Floats;

/// <summary>Stored weights from some element on, read as floats.</summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
/// <typeparam name="TVector">The vectors it is read in.</typeparam>
internal interface IWeightRow<TSelf, TVector>
    where TSelf : struct
    where TVector : unmanaged
{
    /// <summary>The same weights from a later element on: the start of another row.</summary>
    TSelf At(nuint element);

    /// <summary>A vector of neighbouring weights.</summary>
    TVector Load(nuint element);

    /// <summary>Asks for a weight ahead of its use, where that helps; it need not exist.</summary>
    void Fetch(nuint element);

    /// <summary>One weight.</summary>
    float Get(nuint element);
}
