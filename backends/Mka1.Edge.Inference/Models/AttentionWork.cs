using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Mka1.Edge.Inference.Kernels;

namespace Mka1.Edge.Inference.Models;

/// <summary>Causal attention of a block of new positions over the cache; the team shares it out by query heads.</summary>
internal sealed class AttentionWork(ModelConfig config, ComputeTeam team) : IPartitionedWork
{
    // Below this many multiply-adds, waking the team costs more than it saves.
    private const long MinimumForTeam = 128 * 1024;

    private readonly float[]?[] _scores = new float[]?[config.Heads];
    private KvCache _cache = null!;
    private float[] _queries = null!;
    private float[] _output = null!;
    private int _layer;
    private int _count;

    /// <summary>Attends from the last <paramref name="count"/> positions of the cache (already stored) to all before and at each.</summary>
    /// <param name="cache">Its <see cref="KvCache.Length"/> is the position of the first query.</param>
    /// <param name="layer">The layer of the cache to read.</param>
    /// <param name="queries">[count, heads, head size], rotated.</param>
    /// <param name="output">[count, heads, head size]</param>
    /// <param name="count">How many queries.</param>
    public void Compute(KvCache cache, int layer, float[] queries, float[] output, int count)
    {
        (_cache, _layer, _queries, _output, _count) = (cache, layer, queries, output, count);
        if (2L * (cache.Length + count) * count * config.Heads * config.HeadSize < MinimumForTeam)
            Run(0, 1);
        else
            team.Run(this);
    }

    public void Run(int part, int parts)
    {
        var begin = config.Heads * part / parts;
        var end = config.Heads * (part + 1) / parts;
        if (begin == end)
            return;
        var scores = Scores(begin);
        for (var head = begin; head < end; head++)
        {
            for (var t = 0; t < _count; t++)
                Attend(head, t, scores);
        }
    }

    private void Attend(int head, int t, float[] scratch)
    {
        var size = config.HeadSize;
        var length = _cache.Length + t + 1;
        var first = _cache.Offset(head / (config.Heads / config.KeyValueHeads), 0);
        var keys = _cache.Keys(_layer).Slice(first, length * size);
        var values = _cache.Values(_layer).Slice(first, length * size);
        var query = _queries.AsSpan(((t * config.Heads) + head) * size, size);
        var scores = scratch.AsSpan(0, length);

        for (var position = 0; position < length; position++)
            scores[position] = Dot(query, keys.Slice(position * size, size));
        TensorPrimitives.Multiply(scores, 1f / MathF.Sqrt(size), scores);
        VectorMath.Softmax(scores);
        WeightedSum(scores, values, _output.AsSpan(((t * config.Heads) + head) * size, size));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        ref var x = ref MemoryMarshal.GetReference(a);
        ref var y = ref MemoryMarshal.GetReference(b);
        var sum = Vector<float>.Zero;
        var i = 0;
        for (; i <= a.Length - Vector<float>.Count; i += Vector<float>.Count)
            sum = Vector.FusedMultiplyAdd(Vector.LoadUnsafe(ref x, (nuint)i), Vector.LoadUnsafe(ref y, (nuint)i), sum);
        var result = Vector.Sum(sum);
        for (; i < a.Length; i++)
            result += a[i] * b[i];
        return result;
    }

    // output = Σ weights[p] · rows[p]; a stripe of the output stays in a register while all rows pass by.
    private static void WeightedSum(ReadOnlySpan<float> weights, ReadOnlySpan<float> rows, Span<float> output)
    {
        ref var source = ref MemoryMarshal.GetReference(rows);
        var size = output.Length;
        var i = 0;
        for (; i <= size - Vector<float>.Count; i += Vector<float>.Count)
        {
            var sum = Vector<float>.Zero;
            for (var p = 0; p < weights.Length; p++)
                sum = Vector.FusedMultiplyAdd(new Vector<float>(weights[p]), Vector.LoadUnsafe(ref source, (nuint)((p * size) + i)), sum);
            sum.CopyTo(output[i..]);
        }
        for (; i < size; i++)
        {
            var sum = 0f;
            for (var p = 0; p < weights.Length; p++)
                sum += weights[p] * rows[(p * size) + i];
            output[i] = sum;
        }
    }

    // One buffer a part, told apart by its first head; grown by doubling so that decoding settles into no allocation.
    private float[] Scores(int firstHead)
    {
        var needed = _cache.Length + _count;
        if (_scores[firstHead] is { } scores && scores.Length >= needed)
            return scores;
        return _scores[firstHead] = new float[BitOperations.RoundUpToPowerOf2((uint)Math.Max(needed, 256))];
    }
}
