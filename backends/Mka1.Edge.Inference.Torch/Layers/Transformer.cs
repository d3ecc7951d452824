using Mka1.Edge.Inference.Torch.Stepping;
using static TorchSharp.torch;

namespace Mka1.Edge.Inference.Torch.Layers;

/// <summary>A whole model on its device. <paramref name="output"/> is <paramref name="embedding"/> itself when they are tied.</summary>
internal sealed class Transformer(Rotation rotation, DeviceMatrix embedding, TransformerBlock[] blocks, RmsNorm finalNorm, DeviceMatrix output) : IDisposable
{
    public Rotation Rotation => rotation;

    /// <summary>Bytes of the matrices on the device.</summary>
    public long Bytes => Matrices.Sum(matrix => matrix.Bytes);

    /// <summary>Weights of the matrices.</summary>
    public long Parameters => Matrices.Sum(matrix => matrix.Parameters);

    private IEnumerable<DeviceMatrix> Matrices =>
        blocks.SelectMany(block => block.Matrices).Append(embedding).Concat(ReferenceEquals(output, embedding) ? [] : [output]);

    /// <summary>Runs the rows of a step; the logits [asked, vocabulary] in single precision.</summary>
    public Tensor Apply(DeviceStep step)
    {
        using var scope = NewDisposeScope();
        var x = embedding.Rows(step.Ids);
        foreach (var block in blocks)
        {
            var before = x;
            x = block.Apply(before, step);
            before.Dispose();
        }
        return output.Apply(finalNorm.Apply(x.index_select(0, step.LastRows))).to_type(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        rotation.Dispose();
        embedding.Dispose();
        foreach (var block in blocks)
            block.Dispose();
        finalNorm.Dispose();
        output.Dispose();
    }
}
