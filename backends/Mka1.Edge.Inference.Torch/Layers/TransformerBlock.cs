using Mka1.Edge.Inference.Torch.Stepping;
using static TorchSharp.torch;

namespace Mka1.Edge.Inference.Torch.Layers;

/// <summary>One layer: attention, then feed-forward, each on the normed input and added to it.</summary>
internal sealed class TransformerBlock(RmsNorm attentionNorm, Attention attention, RmsNorm feedForwardNorm, FeedForwardLayer feedForward) : IDisposable
{
    public IEnumerable<DeviceMatrix> Matrices => attention.Matrices.Concat(feedForward.Matrices);

    public Tensor Apply(Tensor x, DeviceStep step)
    {
        using var scope = NewDisposeScope();
        var middle = x.add(attention.Apply(attentionNorm.Apply(x), step));
        return middle.add_(feedForward.Apply(feedForwardNorm.Apply(middle))).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        attentionNorm.Dispose();
        attention.Dispose();
        feedForwardNorm.Dispose();
        feedForward.Dispose();
    }
}
