using Mka1.Edge.Inference.Torch.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Mka1.Edge.Torch.Benchmark;

/// <summary>Random weights of any name and shape, small enough that activations stay finite.</summary>
internal sealed class RandomSource : ITensorSource
{
    private readonly Scalar _scale = 0.02f;

    public Tensor Read(string name, params ReadOnlySpan<long> shape) =>
        shape.Length == 1 ? ones(shape.ToArray()) : randn(shape.ToArray()).mul_(_scale);

    public void Dispose() => _scale.Dispose();
}
