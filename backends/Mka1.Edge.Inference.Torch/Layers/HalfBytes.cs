using Mka1.Edge.Inference.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Mka1.Edge.Inference.Torch.Layers;

/// <summary>Unpacks weights of four bits: blocks of columns, the first half of a block in the lower halves of its bytes.</summary>
internal sealed class HalfBytes(Device device) : IDisposable
{
    private readonly Tensor _mask = tensor((byte)15, device: device).DetachFromDisposeScope();
    private readonly Tensor _shift = tensor((byte)4, device: device).DetachFromDisposeScope();
    private readonly Scalar _zero = 8;

    /// <summary>[rows, inputs / 2] bytes to [rows, inputs] values from -8 to 7.</summary>
    public Tensor Widen(Tensor bytes, ScalarType type)
    {
        var blocks = bytes.view(bytes.shape[0], -1, PackedWeights.Chunk);
        return cat([blocks.bitwise_and(_mask), blocks.bitwise_right_shift(_shift)], -1).to_type(type).sub_(_zero);
    }

    public void Dispose()
    {
        _mask.Dispose();
        _shift.Dispose();
        _zero.Dispose();
    }
}
