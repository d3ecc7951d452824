using TorchSharp;
using static TorchSharp.torch;

namespace Mka1.Edge.Inference.Torch.Layers;

/// <summary>Root-mean-square norm over the last dimension, in single precision whatever the input's type.</summary>
/// <param name="weight">[size] in single precision</param>
/// <param name="epsilon">Added to the mean square.</param>
internal sealed class RmsNorm(Tensor weight, float epsilon) : IDisposable
{
    private static readonly long[] Last = [-1];

    // A Scalar is an object on the native heap: one for the norm's lifetime, not one a call.
    private readonly Scalar _epsilon = epsilon;

    public long Parameters => weight.NumberOfElements;

    public Tensor Apply(Tensor x)
    {
        using var scope = NewDisposeScope();
        var wide = x.to_type(ScalarType.Float32);
        var scale = wide.mul(wide).mean(Last, keepdim: true).add_(_epsilon).rsqrt_();
        return wide.mul(scale).mul_(weight).to_type(x.dtype).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        weight.Dispose();
        _epsilon.Dispose();
    }
}
