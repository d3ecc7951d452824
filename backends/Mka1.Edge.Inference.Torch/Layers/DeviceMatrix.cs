using static TorchSharp.torch;

namespace Mka1.Edge.Inference.Torch.Layers;

/// <summary>A weight matrix [outputs, inputs] on the device.</summary>
internal abstract class DeviceMatrix : IDisposable
{
    /// <summary>Bytes it takes on the device.</summary>
    public abstract long Bytes { get; }

    /// <summary>How many weights it has.</summary>
    public abstract long Parameters { get; }

    /// <summary>[count, inputs] to [count, outputs].</summary>
    public abstract Tensor Apply(Tensor x);

    /// <summary>Some rows as they are, for embedding look-ups: [count, inputs].</summary>
    public abstract Tensor Rows(Tensor indices);

    public abstract void Dispose();
}
