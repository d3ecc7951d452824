using static TorchSharp.torch;

namespace Mka1.Edge.Inference.Torch.Layers;

/// <summary>A matrix held in the type that is computed in.</summary>
internal sealed class FloatMatrix(Tensor weight, Tensor? bias) : DeviceMatrix
{
    public override long Bytes => weight.NumberOfElements * weight.ElementSize;

    public override long Parameters => weight.NumberOfElements;

    public override Tensor Apply(Tensor x) => nn.functional.linear(x, weight, bias);

    public override Tensor Rows(Tensor indices) => weight.index_select(0, indices);

    public override void Dispose()
    {
        weight.Dispose();
        bias?.Dispose();
    }
}
