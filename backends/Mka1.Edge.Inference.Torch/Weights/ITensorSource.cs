using static TorchSharp.torch;

namespace Mka1.Edge.Inference.Torch.Weights;

/// <summary>Where weights come from.</summary>
internal interface ITensorSource : IDisposable
{
    /// <summary>A tensor of this shape in main memory, as it is stored: floating point, I8, or U8 with two columns in a byte; the caller disposes of it.</summary>
    Tensor Read(string name, params ReadOnlySpan<long> shape);
}
