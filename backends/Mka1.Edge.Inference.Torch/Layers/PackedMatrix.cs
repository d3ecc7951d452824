using static TorchSharp.torch;

namespace Mka1.Edge.Inference.Torch.Layers;

/// <summary>
/// A matrix held in eight or four bits a weight, each group of neighbours with a scale; widened whenever it is used, a slice
/// of rows at a time.
/// </summary>
/// <param name="weight">[outputs, inputs] I8; or [outputs, inputs / 2] U8, packed as <see cref="Kernels.PackedWeights"/> says.</param>
/// <param name="scales">[outputs, groups], in the type that is computed in.</param>
/// <param name="bias">[outputs]</param>
internal sealed class PackedMatrix(Tensor weight, Tensor scales, Tensor? bias) : DeviceMatrix
{
    // Bounds what a widened slice takes, as an output matrix over a large vocabulary would not fit beside the rest.
    private const long SliceElements = 1 << 25;

    private readonly long _outputs = weight.shape[0];
    private readonly long _inputs = weight.shape[1] * (weight.dtype == ScalarType.Byte ? 2 : 1);
    private readonly long _groups = scales.shape[1];
    private readonly HalfBytes? _halfBytes = weight.dtype == ScalarType.Byte ? new HalfBytes(weight.device) : null;

    public override long Bytes => weight.NumberOfElements + (scales.NumberOfElements * scales.ElementSize);

    public override long Parameters => _outputs * _inputs;

    public override Tensor Apply(Tensor x)
    {
        var rows = Math.Max(1, SliceElements / _inputs);
        if (rows >= _outputs)
            return Multiply(x, weight, scales, bias);
        var parts = new List<Tensor>();
        for (long row = 0; row < _outputs; row += rows)
        {
            var count = Math.Min(rows, _outputs - row);
            parts.Add(Multiply(x, weight.narrow(0, row, count), scales.narrow(0, row, count), bias?.narrow(0, row, count)));
        }
        return cat(parts, 1);
    }

    public override Tensor Rows(Tensor indices) => Widen(weight.index_select(0, indices), scales.index_select(0, indices));

    public override void Dispose()
    {
        weight.Dispose();
        scales.Dispose();
        bias?.Dispose();
        _halfBytes?.Dispose();
    }

    private Tensor Multiply(Tensor x, Tensor bytes, Tensor scale, Tensor? offset)
    {
        using var scope = NewDisposeScope();
        return nn.functional.linear(x, Widen(bytes, scale), offset).MoveToOuterDisposeScope();
    }

    private Tensor Widen(Tensor bytes, Tensor scale) =>
        (_halfBytes?.Widen(bytes, scale.dtype) ?? bytes.to_type(scale.dtype)).view(-1, _groups, _inputs / _groups).mul_(scale.unsqueeze(-1)).view(-1, _inputs);
}
