namespace Mka1.Edge.Inference.Kernels.Floats;

/// <summary>A matrix of floating-point weights.</summary>
/// <param name="memory">Where the weights lie.</param>
/// <param name="rows">The same memory as rows.</param>
/// <param name="outputs">Rows.</param>
/// <param name="inputs">Columns.</param>
internal sealed unsafe class FloatMatrix<TVector, TLanes, TRow>(WeightMemory memory, TRow rows, int outputs, int inputs) : Matrix(outputs, inputs)
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector>
    where TRow : struct, IWeightRow<TRow, TVector>
{
    public override long Bytes => memory.Bytes;

    public override void Prepare(ReadOnlySpan<float> x, int count, PreparedVectors prepared) => AlignedVectors.Copy(x, count, Inputs, prepared.Floats);

    public override void Multiply(ReadOnlySpan<float> x, PreparedVectors prepared, Span<float> y, int count, int rowBegin, int rowEnd)
    {
        CheckBounds(x.Length, y.Length, count, rowBegin, rowEnd);
        fixed (float* source = x, target = y)
        {
            var vectors = AlignedVectors.Choose(source, count, Inputs, prepared.Floats, out var stride);
            FloatKernel<TVector, TLanes, TRow>.Multiply(rows, vectors, stride, target, Outputs, count, Inputs, rowBegin, rowEnd);
        }
        GC.KeepAlive(memory);
    }

    public override void CopyRow(int row, Span<float> destination)
    {
        CheckRow(row, destination.Length);
        var from = rows.At((nuint)row * (nuint)Inputs);
        for (var i = 0; i < Inputs; i++)
            destination[i] = from.Get((nuint)i);
        GC.KeepAlive(memory);
    }
}
