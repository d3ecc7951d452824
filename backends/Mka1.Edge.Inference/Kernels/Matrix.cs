namespace Mka1.Edge.Inference.Kernels;

/// <summary>A weight matrix of shape [<see cref="Outputs"/>, <see cref="Inputs"/>], row-major.</summary>
internal abstract class Matrix(int outputs, int inputs)
{
    public int Outputs { get; } = outputs;

    public int Inputs { get; } = inputs;

    public long Parameters => (long)Outputs * Inputs;

    /// <summary>Bytes of weights and scales.</summary>
    public abstract long Bytes { get; }

    /// <summary>Puts vectors into the form <see cref="Multiply"/> takes, once for all ranges of rows; each vector for itself.</summary>
    /// <param name="x">[count, Inputs]</param>
    /// <param name="count">How many vectors.</param>
    /// <param name="prepared">Takes the result.</param>
    public abstract void Prepare(ReadOnlySpan<float> x, int count, PreparedVectors prepared);

    /// <summary>
    /// <c>y[t, row] = Σ x[t, i] · w[row, i]</c> for the rows of a range and all vectors. Each sum is formed in the same order
    /// whatever the range, the count of vectors and the number of threads: results do not depend on who computed them.
    /// </summary>
    /// <param name="x">[count, Inputs]</param>
    /// <param name="prepared">What <see cref="Prepare"/> made of <paramref name="x"/>.</param>
    /// <param name="y">[count, Outputs]</param>
    /// <param name="count">How many vectors.</param>
    /// <param name="rowBegin">First row.</param>
    /// <param name="rowEnd">One past the last row.</param>
    public abstract void Multiply(ReadOnlySpan<float> x, PreparedVectors prepared, Span<float> y, int count, int rowBegin, int rowEnd);

    /// <summary>One row as floats, for embedding look-ups.</summary>
    public abstract void CopyRow(int row, Span<float> destination);

    /// <summary>The kernels address memory unchecked: here their bounds are proven.</summary>
    protected void CheckBounds(int xLength, int yLength, int count, int rowBegin, int rowEnd)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegative(rowBegin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rowEnd, Outputs);
        ArgumentOutOfRangeException.ThrowIfLessThan(xLength, (long)count * Inputs, "x");
        ArgumentOutOfRangeException.ThrowIfLessThan(yLength, (long)count * Outputs, "y");
    }

    protected void CheckRow(int row, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Outputs, nameof(row));
        ArgumentOutOfRangeException.ThrowIfLessThan(length, Inputs, "destination");
    }
}
