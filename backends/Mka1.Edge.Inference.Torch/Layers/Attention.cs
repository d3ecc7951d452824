using Mka1.Edge.Inference.Models;
using Mka1.Edge.Inference.Torch.Stepping;
using TorchSharp;
using static TorchSharp.torch;

namespace Mka1.Edge.Inference.Torch.Layers;

/// <summary>Grouped-query attention of a step's new positions over the pages of their sequences.</summary>
/// <param name="config">The shape.</param>
/// <param name="rotation">Applied to queries and keys.</param>
/// <param name="queryKeyValue">One matrix for all three, as they read the same input.</param>
/// <param name="output">Back to the residual's width.</param>
/// <param name="queryNorm">Applied to each query head, in models that have it.</param>
/// <param name="keyNorm">Applied to each key head, likewise.</param>
/// <param name="pages">The layer's cache.</param>
internal sealed class Attention(
    ModelConfig config, Rotation rotation, DeviceMatrix queryKeyValue, DeviceMatrix output, RmsNorm? queryNorm, RmsNorm? keyNorm, KeyValuePages pages) : IDisposable
{
    private readonly Scalar _scale = 1f / MathF.Sqrt(config.HeadSize);
    private readonly Scalar _never = float.NegativeInfinity;

    public IEnumerable<DeviceMatrix> Matrices => [queryKeyValue, output];

    public Tensor Apply(Tensor x, DeviceStep step)
    {
        using var scope = NewDisposeScope();
        var all = queryKeyValue.Apply(x).view(step.Rows, -1, config.HeadSize);
        var turned = rotation.Apply(Normed(all.narrow(1, 0, config.Heads + config.KeyValueHeads)), step.Cos, step.Sin);
        pages.Write(step.Slots, turned.narrow(1, config.Heads, config.KeyValueHeads), all.narrow(1, config.Heads + config.KeyValueHeads, config.KeyValueHeads));
        var queries = turned.narrow(1, 0, config.Heads).mul_(_scale);
        return output.Apply(AttendAll(queries, step)).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        queryKeyValue.Dispose();
        output.Dispose();
        queryNorm?.Dispose();
        keyNorm?.Dispose();
        pages.Dispose();
        _scale.Dispose();
        _never.Dispose();
    }

    // Queries and keys side by side: [rows, heads + key-value heads, head size].
    private Tensor Normed(Tensor heads) => queryNorm is null || keyNorm is null
        ? heads
        : cat([queryNorm.Apply(heads.narrow(1, 0, config.Heads)), keyNorm.Apply(heads.narrow(1, config.Heads, config.KeyValueHeads))], 1);

    private Tensor AttendAll(Tensor queries, DeviceStep step)
    {
        if (step.Groups is [{ Shape.FirstRow: 0 } only])
            return Attend(queries, only);
        var all = empty(step.Rows, config.Heads * config.HeadSize, queries.dtype, queries.device);
        foreach (var group in step.Groups)
        {
            using var part = Attend(group.Take(queries), group);
            group.Put(all, part);
        }
        return all;
    }

    // [batch · queries, heads, head size] to [batch · queries, heads · head size]. The heads that share keys become queries
    // of one product, so that keys and values are read once and never repeated.
    private Tensor Attend(Tensor queries, DeviceGroup group)
    {
        using var scope = NewDisposeScope();
        var (batch, count, size) = (group.Shape.Batch, group.Shape.Queries, config.HeadSize);
        var shared = config.Heads / config.KeyValueHeads;
        var batchHeads = (long)batch * config.KeyValueHeads;
        var stacked = queries.reshape(batch, count, config.KeyValueHeads, shared, size).permute(0, 2, 3, 1, 4).reshape(batchHeads, (long)shared * count, size);

        var scores = stacked.bmm(pages.Keys(group.PageRows, batchHeads).transpose(1, 2));
        scores.view(batch, config.KeyValueHeads, shared, count, -1).masked_fill_(group.Hidden, _never);
        var weights = scores.softmax(-1, ScalarType.Float32).to_type(scores.dtype);
        return weights.bmm(pages.Values(group.PageRows, batchHeads))
            .view(batch, config.KeyValueHeads, shared, count, size).permute(0, 3, 1, 2, 4).reshape((long)batch * count, (long)config.Heads * size)
            .MoveToOuterDisposeScope();
    }
}
