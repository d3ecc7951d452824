using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Mka1.Edge.Inference.Torch.Layers;

/// <summary>A router picks a few experts for each row; only those are computed, each once for all rows it was picked for.</summary>
/// <param name="device">Where it lies.</param>
/// <param name="router">Scores each expert.</param>
/// <param name="experts">All of them.</param>
/// <param name="shared">Works on every row, in models that have it.</param>
/// <param name="perRow">How many of the others work on a row.</param>
/// <param name="normalize">Whether the weights of the picked ones are made to sum to 1.</param>
internal sealed class MixtureLayer(TorchDevice device, DeviceMatrix router, SwiGluLayer[] experts, SharedExpert? shared, int perRow, bool normalize) : FeedForwardLayer
{
    private readonly int[] _counts = new int[experts.Length];
    private long[] _order = [];

    public override IEnumerable<DeviceMatrix> Matrices => experts.SelectMany(expert => expert.Matrices).Append(router).Concat(shared?.Matrices ?? []);

    public override Tensor Apply(Tensor x)
    {
        using var scope = NewDisposeScope();
        var (weights, chosen) = router.Apply(x).softmax(-1, ScalarType.Float32).topk(perRow);
        if (normalize)
            weights = weights.div(weights.sum(-1, keepdim: true));

        // Which experts have work is known only after the scores are: the one place where a step waits for the device.
        var picks = chosen.cpu();
        var total = picks.NumberOfElements;
        var order = device.Upload(Order(MemoryMarshal.Cast<byte, long>(picks.bytes)));
        var places = order.narrow(0, 0, total);
        var packed = x.index_select(0, order.narrow(0, total, total));
        var results = new List<Tensor>();
        var done = 0;
        for (var e = 0; e < experts.Length; e++)
        {
            if (_counts[e] > 0)
                results.Add(experts[e].Apply(packed.narrow(0, done, _counts[e])));
            done += _counts[e];
        }

        var unpacked = empty_like(packed).index_copy_(0, places, cat(results, 0));
        var sum = unpacked.view(-1, perRow, x.shape[1]).mul(weights.unsqueeze(-1)).sum(1).to_type(x.dtype);
        return (shared is null ? sum : sum.add_(shared.Apply(x))).MoveToOuterDisposeScope();
    }

    // The picks' places, those of the first expert first; then the row of each place.
    private ReadOnlySpan<long> Order(ReadOnlySpan<long> picks)
    {
        if (_order.Length < 2 * picks.Length)
            _order = new long[2 * picks.Length];
        Array.Clear(_counts);
        var next = 0;
        for (var e = 0; e < experts.Length; e++)
        {
            for (var place = 0; place < picks.Length; place++)
            {
                if (picks[place] != e)
                    continue;
                _order[picks.Length + next] = place / perRow;
                _order[next++] = place;
                _counts[e]++;
            }
        }
        return _order.AsSpan(0, 2 * picks.Length);
    }
}
