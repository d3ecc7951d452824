using static TorchSharp.torch;

namespace Mka1.Edge.Inference.Torch.Layers;

/// <summary><c>down(silu(gate(x)) · up(x))</c>; gate and up are one matrix, as they read the same input.</summary>
internal sealed class SwiGluLayer(DeviceMatrix gateUp, DeviceMatrix down, int intermediateSize) : FeedForwardLayer
{
    public override IEnumerable<DeviceMatrix> Matrices => [gateUp, down];

    public override Tensor Apply(Tensor x)
    {
        using var scope = NewDisposeScope();
        var both = gateUp.Apply(x);
        var gate = both.narrow(1, 0, intermediateSize).silu();
        return down.Apply(gate.mul_(both.narrow(1, intermediateSize, intermediateSize))).MoveToOuterDisposeScope();
    }
}
