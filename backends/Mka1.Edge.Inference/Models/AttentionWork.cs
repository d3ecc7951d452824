using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Mka1.Edge.Inference.Engine;
using Mka1.Edge.Inference.Kernels;

namespace Mka1.Edge.Inference.Models;

/// <summary>Causal attention of a step: every new position of every sequence over the pages of its own sequence.</summary>
/// <remarks>
/// The team shares it out by pieces of sequences and key-value heads. Each query is computed by itself, position after
/// position, so that its result depends neither on the piece it falls into nor on who else is in the step.
/// </remarks>
internal sealed unsafe class AttentionWork(ModelConfig config, KvPages cache, ComputeTeam team) : IPartitionedWork
{
    // Below this many multiply-adds, waking the team costs more than it saves.
    private const long MinimumForTeam = 128 * 1024;

    // New positions in one piece: enough to be worth taking, few enough that a long prompt is spread over all threads.
    private const int PieceRows = 16;

    // Pages whose scores are formed together, which keeps as many additions in flight.
    private const int PagesAtOnce = 4;

    [ThreadStatic]
    private static float[]? _scratch;

    private readonly List<Piece> _pieces = [];
    private float[] _queries = null!;
    private float[] _output = null!;
    private SequenceStep[] _steps = null!;
    private int _layer;
    private int _next;
    private long _multiplyAdds;

    /// <summary>Takes note of a step; <see cref="Compute"/> follows once for each layer.</summary>
    public void Begin(SequenceStep[] steps, int count)
    {
        _steps = steps;
        _pieces.Clear();
        _multiplyAdds = 0;
        var row = 0;
        for (var s = 0; s < count; s++)
        {
            var length = steps[s].Tokens.Length;
            for (var from = 0; from < length; from += PieceRows)
                _pieces.Add(new Piece(s, from, Math.Min(PieceRows, length - from), row + from));
            row += length;
            _multiplyAdds += 2L * (steps[s].Position + length) * length * config.Heads * config.HeadSize;
        }
    }

    /// <summary>Attends in one layer; the keys and values of the new positions are stored already.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="queries">[rows, heads, head size], rotated.</param>
    /// <param name="output">[rows, heads, head size]</param>
    public void Compute(int layer, float[] queries, float[] output)
    {
        (_layer, _queries, _output) = (layer, queries, output);
        Volatile.Write(ref _next, 0);
        if (_multiplyAdds < MinimumForTeam)
            Run(0, 1);
        else
            team.Run(this);
    }

    // Pieces differ much in length: whoever is free takes the next, whatever part it is.
    public void Run(int part, int parts)
    {
        var items = _pieces.Count * config.KeyValueHeads;
        for (var item = Interlocked.Increment(ref _next) - 1; item < items; item = Interlocked.Increment(ref _next) - 1)
            Attend(_pieces[item / config.KeyValueHeads], item % config.KeyValueHeads);
    }

    private void Attend(Piece piece, int keyValueHead)
    {
        ref readonly var step = ref _steps[piece.Step];
        var pages = step.Pages.Span;
        var size = config.HeadSize;
        var group = config.Heads / config.KeyValueHeads;
        for (var t = 0; t < piece.Rows; t++)
        {
            var length = step.Position + piece.From + t + 1;
            var used = pages[..((length + KvPages.PageSize - 1) / KvPages.PageSize)];
            var scores = Scratch(used.Length).AsSpan(0, length);
            for (var head = keyValueHead * group; head < (keyValueHead + 1) * group; head++)
            {
                var at = (((piece.Row + t) * config.Heads) + head) * size;
                Score(_queries.AsSpan(at, size), used, keyValueHead, ref MemoryMarshal.GetReference(scores));
                TensorPrimitives.Multiply(scores, 1f / MathF.Sqrt(size), scores);
                VectorMath.Softmax(scores);
                WeightedSum(scores, used, keyValueHead, _output.AsSpan(at, size));
            }
        }
    }

    // Scores of whole pages, rounded up to a few: what lies past the end is never read.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Score(ReadOnlySpan<float> query, ReadOnlySpan<int> pages, int head, ref float scores)
    {
        for (var p = 0; p < pages.Length; p += PagesAtOnce)
        {
            var last = pages.Length - 1;
            var k0 = cache.Keys(_layer, pages[p], head);
            var k1 = cache.Keys(_layer, pages[Math.Min(p + 1, last)], head);
            var k2 = cache.Keys(_layer, pages[Math.Min(p + 2, last)], head);
            var k3 = cache.Keys(_layer, pages[Math.Min(p + 3, last)], head);
            for (var slot = 0; slot < KvPages.PageSize; slot += Vector<float>.Count)
            {
                Vector<float> s0 = default, s1 = default, s2 = default, s3 = default;
                var at = slot;
                for (var i = 0; i < query.Length; i++, at += KvPages.PageSize)
                {
                    var q = new Vector<float>(query[i]);
                    s0 = Vector.FusedMultiplyAdd(q, Vector.Load(k0 + at), s0);
                    s1 = Vector.FusedMultiplyAdd(q, Vector.Load(k1 + at), s1);
                    s2 = Vector.FusedMultiplyAdd(q, Vector.Load(k2 + at), s2);
                    s3 = Vector.FusedMultiplyAdd(q, Vector.Load(k3 + at), s3);
                }
                var target = (nuint)((p * KvPages.PageSize) + slot);
                s0.StoreUnsafe(ref scores, target);
                s1.StoreUnsafe(ref scores, target + KvPages.PageSize);
                s2.StoreUnsafe(ref scores, target + (2 * KvPages.PageSize));
                s3.StoreUnsafe(ref scores, target + (3 * KvPages.PageSize));
            }
        }
    }

    // output = Σ weights[position] · values[position]; a stripe of the output stays in registers while all positions pass by.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WeightedSum(ReadOnlySpan<float> weights, ReadOnlySpan<int> pages, int head, Span<float> output)
    {
        var size = output.Length;
        var lanes = Vector<float>.Count;
        var i = 0;
        for (; i <= size - (4 * lanes); i += 4 * lanes)
        {
            Vector<float> s0 = default, s1 = default, s2 = default, s3 = default;
            for (var p = 0; p < weights.Length; p += KvPages.PageSize)
            {
                var values = cache.Values(_layer, pages[p / KvPages.PageSize], head) + i;
                foreach (var weight in weights.Slice(p, Math.Min(KvPages.PageSize, weights.Length - p)))
                {
                    var w = new Vector<float>(weight);
                    s0 = Vector.FusedMultiplyAdd(w, Vector.Load(values), s0);
                    s1 = Vector.FusedMultiplyAdd(w, Vector.Load(values + lanes), s1);
                    s2 = Vector.FusedMultiplyAdd(w, Vector.Load(values + (2 * lanes)), s2);
                    s3 = Vector.FusedMultiplyAdd(w, Vector.Load(values + (3 * lanes)), s3);
                    values += size;
                }
            }
            s0.CopyTo(output[i..]);
            s1.CopyTo(output[(i + lanes)..]);
            s2.CopyTo(output[(i + (2 * lanes))..]);
            s3.CopyTo(output[(i + (3 * lanes))..]);
        }
        for (; i <= size - lanes; i += lanes)
        {
            var sum = Vector<float>.Zero;
            for (var p = 0; p < weights.Length; p++)
                sum = Vector.FusedMultiplyAdd(new Vector<float>(weights[p]), Vector.Load(Value(pages, p, head, i)), sum);
            sum.CopyTo(output[i..]);
        }
        for (; i < size; i++)
        {
            var sum = 0f;
            for (var p = 0; p < weights.Length; p++)
                sum += weights[p] * *Value(pages, p, head, i);
            output[i] = sum;
        }
    }

    private float* Value(ReadOnlySpan<int> pages, int position, int head, int i) =>
        cache.Values(_layer, pages[position / KvPages.PageSize], head) + (position % KvPages.PageSize * config.HeadSize) + i;

    // One buffer a thread, grown by doubling so that decoding settles into no allocation.
    private static float[] Scratch(int pages)
    {
        var needed = (pages + PagesAtOnce) * KvPages.PageSize;
        if (_scratch is { } scratch && scratch.Length >= needed)
            return scratch;
        return _scratch = new float[BitOperations.RoundUpToPowerOf2((uint)Math.Max(needed, 256))];
    }

    private readonly record struct Piece(int Step, int From, int Rows, int Row);
}
