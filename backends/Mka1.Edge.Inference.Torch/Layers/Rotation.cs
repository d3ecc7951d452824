using System.Runtime.InteropServices;
using Mka1.Edge.Inference.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Mka1.Edge.Inference.Torch.Layers;

/// <summary>The rotary embedding's table on the device; its values are the ones the processor's engine uses.</summary>
internal sealed class Rotation : IDisposable
{
    private readonly Tensor _cos;
    private readonly Tensor _sin;
    private readonly long _half;
    private readonly Scalar _one = 1;

    public Rotation(RotaryTable table, int positions, int headSize, Device device)
    {
        _half = headSize / 2;
        using var scope = NewDisposeScope();
        var cos = empty(positions, headSize);
        var sin = empty(positions, headSize);
        for (var position = 0; position < positions; position++)
        {
            Fill(cos, position, table.Cos(position), sign: 1);
            Fill(sin, position, table.Sin(position), sign: -1);
        }
        _cos = cos.to(device).DetachFromDisposeScope();
        _sin = sin.to(device).DetachFromDisposeScope();
    }

    /// <summary>The rows of some positions: cosines and signed sines, each [count, 1, head size] in single precision.</summary>
    public (Tensor Cos, Tensor Sin) At(Tensor positions) =>
        (_cos.index_select(0, positions).unsqueeze(1), _sin.index_select(0, positions).unsqueeze(1));

    /// <summary>Rotates heads [count, heads, head size] by the rows of <see cref="At"/>.</summary>
    public Tensor Apply(Tensor heads, Tensor cos, Tensor sin)
    {
        using var scope = NewDisposeScope();
        var wide = heads.to_type(ScalarType.Float32);
        return wide.mul(cos).addcmul_(wide.roll(_half, -1), sin, _one).to_type(heads.dtype).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _cos.Dispose();
        _sin.Dispose();
        _one.Dispose();
    }

    // Both halves of a head turn by the same angles; the first takes the second half's values with the sign turned.
    private static void Fill(Tensor table, int position, ReadOnlySpan<float> values, float sign)
    {
        var row = MemoryMarshal.Cast<byte, float>(table.bytes).Slice(position * 2 * values.Length, 2 * values.Length);
        for (var i = 0; i < values.Length; i++)
            (row[i], row[values.Length + i]) = (sign * values[i], values[i]);
    }
}
