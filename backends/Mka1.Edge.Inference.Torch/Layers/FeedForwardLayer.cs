using static TorchSharp.torch;

namespace Mka1.Edge.Inference.Torch.Layers;

/// <summary>The second half of a block.</summary>
internal abstract class FeedForwardLayer : IDisposable
{
    public abstract IEnumerable<DeviceMatrix> Matrices { get; }

    /// <summary>[rows, hidden] to [rows, hidden].</summary>
    public abstract Tensor Apply(Tensor x);

    public void Dispose()
    {
        foreach (var matrix in Matrices)
            matrix.Dispose();
    }
}
