namespace Mka1.Edge.Inference.Torch.Stepping;

/// <summary>Whole numbers of a step, gathered so that they cross to the device in one copy; kept from step to step.</summary>
internal sealed class IndexBuffer
{
    private long[] _numbers = new long[1024];

    public int Count { get; private set; }

    public ReadOnlySpan<long> Numbers => _numbers.AsSpan(0, Count);

    public void Clear() => Count = 0;

    /// <summary>Room for more numbers at the end; valid until the next call.</summary>
    public Span<long> Add(int count)
    {
        if (Count + count > _numbers.Length)
            Array.Resize(ref _numbers, Math.Max(_numbers.Length * 2, Count + count));
        Count += count;
        return _numbers.AsSpan(Count - count, count);
    }
}
