namespace Mka1.Edge.Inference.Kernels.Integers;

/// <summary>A matrix of packed weights that multiplies whole numbers: activations are rounded to bytes, block by block.</summary>
internal sealed unsafe class IntegerMatrix<TDot, TBlocks, TGroups>(PackedWeights weights) : Matrix(weights.Outputs, weights.Inputs)
    where TDot : struct, IByteDot
    where TBlocks : struct, IBlocks
    where TGroups : struct, IGroups
{
    public override long Bytes => weights.Values.Bytes + weights.Scales.Bytes;

    public override void Prepare(ReadOnlySpan<float> x, int count, PreparedVectors prepared) =>
        prepared.Rounded.Round<TDot>(x, count, Inputs, TGroups.InBlock, TBlocks.Offset<TDot>());

    public override void Multiply(ReadOnlySpan<float> x, PreparedVectors prepared, Span<float> y, int count, int rowBegin, int rowEnd)
    {
        CheckBounds(x.Length, y.Length, count, rowBegin, rowEnd);
        var rounded = prepared.Rounded;
        ArgumentOutOfRangeException.ThrowIfNotEqual((rounded.Count, rounded.Inputs), (count, Inputs), nameof(prepared));
        fixed (float* target = y)
            new IntegerKernel<TDot, TBlocks, TGroups>(weights, rounded, target).Multiply(rowBegin, rowEnd);
        GC.KeepAlive(rounded);
        GC.KeepAlive(weights);
    }

    public override void CopyRow(int row, Span<float> destination)
    {
        CheckRow(row, destination.Length);
        weights.Unpack(row, destination);
    }
}
