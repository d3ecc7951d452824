namespace Mka1.Edge.Inference.Kernels;

/// <summary>Memory whose first byte begins a cache line, so that no vector of 512 bits straddles two; grows, never shrinks.</summary>
internal sealed unsafe class AlignedBuffer
{
    private const int Line = 64;

    private byte[] _bytes = [];
    private nint _address;

    /// <summary>Bytes there are.</summary>
    public long Length { get; private set; }

    /// <summary>The first byte; good while this object is reachable and until it grows.</summary>
    public byte* Address => (byte*)_address;

    /// <summary>Makes room; what was there is lost.</summary>
    public void Reserve(long bytes)
    {
        if (bytes <= Length)
            return;
        _bytes = GC.AllocateUninitializedArray<byte>(checked((int)(bytes + Line)), pinned: true);
        fixed (byte* first = _bytes)
            _address = (nint)(((nuint)first + Line - 1) & ~(nuint)(Line - 1));
        Length = bytes;
    }
}
