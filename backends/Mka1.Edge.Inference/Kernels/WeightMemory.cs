namespace Mka1.Edge.Inference.Kernels;

/// <summary>Bytes of weights at a fixed address: part of a mapped file, or memory of our own.</summary>
/// <param name="address">The first byte; need not be aligned.</param>
/// <param name="bytes">How many.</param>
/// <param name="owner">What keeps the memory valid while it is reachable.</param>
internal sealed unsafe class WeightMemory(byte* address, long bytes, object owner)
{
    /// <summary>Valid as long as this object is reachable: keep it alive past the last access.</summary>
    public byte* Address { get; } = address;

    public long Bytes { get; } = bytes;

    /// <summary>What keeps the memory valid.</summary>
    public object Owner { get; } = owner;

    /// <summary>A copy in memory of our own, which the collector never moves.</summary>
    public static WeightMemory Of<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var array = Allocate<T>(values.Length);
        values.CopyTo(array);

        // The array is pinned for life, so its address stays good after the fixed block.
        fixed (T* first = array)
            return new WeightMemory((byte*)first, (long)array.Length * sizeof(T), array);
    }

    /// <summary>An array that never moves.</summary>
    public static T[] Allocate<T>(int length)
        where T : unmanaged => GC.AllocateUninitializedArray<T>(length, pinned: true);
}
