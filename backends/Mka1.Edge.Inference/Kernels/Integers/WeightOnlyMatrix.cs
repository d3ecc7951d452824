using Mka1.Edge.Inference.Kernels.Floats;

namespace Mka1.Edge.Inference.Kernels.Integers;

/// <summary>A matrix of packed weights whose activations stay floats: rows are unpacked as they are used.</summary>
/// <remarks>Slower than <see cref="IntegerMatrix{TDot,TBlocks,TGroups}"/>, but exact up to float rounding: for models whose quality needs it.</remarks>
internal sealed unsafe class WeightOnlyMatrix<TVector, TLanes>(PackedWeights weights) : Matrix(weights.Outputs, weights.Inputs)
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector>
{
    // As many as the float kernel takes at once, so that a sum is formed in the same order whatever the range.
    private const int RowsAtOnce = 8;

    [ThreadStatic]
    private static float[]? _unpacked;

    public override long Bytes => weights.Values.Bytes + weights.Scales.Bytes;

    public override void Prepare(ReadOnlySpan<float> x, int count, PreparedVectors prepared) => AlignedVectors.Copy(x, count, Inputs, prepared.Floats);

    public override void Multiply(ReadOnlySpan<float> x, PreparedVectors prepared, Span<float> y, int count, int rowBegin, int rowEnd)
    {
        CheckBounds(x.Length, y.Length, count, rowBegin, rowEnd);
        if (_unpacked is null || _unpacked.Length < RowsAtOnce * Inputs)
            _unpacked = new float[RowsAtOnce * Inputs];
        fixed (float* source = x, target = y, rows = _unpacked)
        {
            var vectors = AlignedVectors.Choose(source, count, Inputs, prepared.Floats, out var stride);
            for (var row = rowBegin; row < rowEnd; row += RowsAtOnce)
            {
                var taken = Math.Min(RowsAtOnce, rowEnd - row);
                for (var i = 0; i < taken; i++)
                    weights.Unpack(row + i, _unpacked.AsSpan(i * Inputs, Inputs));
                FloatKernel<TVector, TLanes, Float32Row<TVector, TLanes>>.Multiply(new Float32Row<TVector, TLanes>(rows), vectors, stride, target + row, Outputs, count, Inputs, 0, taken);
            }
        }
    }

    public override void CopyRow(int row, Span<float> destination)
    {
        CheckRow(row, destination.Length);
        weights.Unpack(row, destination);
    }
}
