using static TorchSharp.torch;

namespace Mka1.Edge.Inference.Torch.Layers;

/// <summary>An expert that works on every row, weighted by <c>sigmoid(gate(x))</c>; the gate has one row.</summary>
internal sealed class SharedExpert(SwiGluLayer expert, DeviceMatrix gate) : FeedForwardLayer
{
    public override IEnumerable<DeviceMatrix> Matrices => [.. expert.Matrices, gate];

    public override Tensor Apply(Tensor x)
    {
        using var scope = NewDisposeScope();
        return expert.Apply(x).mul_(gate.Apply(x).sigmoid()).MoveToOuterDisposeScope();
    }
}
