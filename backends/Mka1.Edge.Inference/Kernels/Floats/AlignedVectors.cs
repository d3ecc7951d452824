namespace Mka1.Edge.Inference.Kernels.Floats;

/// <summary>Copies of vectors that begin on cache lines: worth their cost as soon as each is read for many blocks of rows.</summary>
internal static unsafe class AlignedVectors
{
    private const int FloatsInLine = 16;

    // One vector is read once; it stays where it is.
    private const int Fewest = 4;

    public static void Copy(ReadOnlySpan<float> x, int count, int inputs, AlignedBuffer copies)
    {
        if (count < Fewest)
            return;
        var stride = Stride(inputs);
        copies.Reserve((long)count * stride * sizeof(float));
        for (var t = 0; t < count; t++)
            x.Slice(t * inputs, inputs).CopyTo(new Span<float>((float*)copies.Address + ((nint)t * stride), inputs));
    }

    /// <summary>The copies where <see cref="Copy"/> made some, else the vectors themselves.</summary>
    public static float* Choose(float* x, int count, int inputs, AlignedBuffer copies, out int stride)
    {
        stride = count < Fewest ? inputs : Stride(inputs);
        ArgumentOutOfRangeException.ThrowIfLessThan(count < Fewest ? long.MaxValue : copies.Length, (long)count * stride * sizeof(float), nameof(copies));
        return count < Fewest ? x : (float*)copies.Address;
    }

    private static int Stride(int inputs) => (inputs + FloatsInLine - 1) / FloatsInLine * FloatsInLine;
}
