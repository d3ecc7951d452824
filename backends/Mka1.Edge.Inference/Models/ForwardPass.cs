using System.Numerics.Tensors;
using Mka1.Edge.Inference.Engine;
using Mka1.Edge.Inference.Kernels;

namespace Mka1.Edge.Inference.Models;

/// <summary>Takes a step of many sequences through the transformer: their new tokens are rows of one matrix, so that weights are read once for all.</summary>
/// <remarks>
/// A row's result depends on its own sequence alone: products, norms and attention form each of its sums in one order,
/// whatever other rows there are. Owns the buffers this takes; one step at a time.
/// </remarks>
internal sealed class ForwardPass
{
    // Rows of logits computed together: enough to read the output matrix seldom, few enough for a large vocabulary.
    private const int LogitRows = 16;

    private readonly TransformerWeights _weights;
    private readonly ModelConfig _config;
    private readonly KvPages _cache;
    private readonly MatrixProduct _product;
    private readonly AttentionWork _attention;
    private readonly FeedForwardPass _feedForward;
    private readonly float[] _hidden;
    private readonly float[] _normed;
    private readonly float[] _queries;
    private readonly float[] _keys;
    private readonly float[] _values;
    private readonly float[] _attended;
    private readonly float[] _delta;
    private readonly float[] _logits;
    private readonly int[] _asking = new int[LogitRows];
    private SequenceStep[] _steps = [];
    private int _count;

    public ForwardPass(TransformerWeights weights, KvPages cache, ComputeTeam team, int maxRows)
    {
        MaxRows = maxRows;
        _weights = weights;
        _config = weights.Config;
        _cache = cache;
        _product = new MatrixProduct(team);
        _attention = new AttentionWork(_config, cache, team);
        _feedForward = new FeedForwardPass(_config, _product, maxRows);
        _hidden = new float[maxRows * _config.HiddenSize];
        _normed = new float[maxRows * _config.HiddenSize];
        _delta = new float[maxRows * _config.HiddenSize];
        _queries = new float[maxRows * _config.Heads * _config.HeadSize];
        _attended = new float[maxRows * _config.Heads * _config.HeadSize];
        _keys = new float[maxRows * _config.KeyValueHeads * _config.HeadSize];
        _values = new float[maxRows * _config.KeyValueHeads * _config.HeadSize];
        _logits = new float[Math.Min(maxRows, LogitRows) * _config.VocabularySize];
    }

    /// <summary>New tokens one step may hold.</summary>
    public int MaxRows { get; }

    /// <summary>Runs a step: stores keys and values, and fills in the logits asked for.</summary>
    /// <exception cref="ArgumentException">The step has no tokens or too many, or a sequence too few pages.</exception>
    public void Run(ReadOnlySpan<SequenceStep> batch)
    {
        var rows = Begin(batch);
        for (var i = 0; i < _weights.Layers.Length; i++)
        {
            var layer = _weights.Layers[i];
            Norm(layer.AttentionNorm, rows);
            Attention(layer, i, rows);
            AddToHidden(rows);

            Norm(layer.FeedForwardNorm, rows);
            _feedForward.Compute(layer.FeedForward, _normed, _delta, rows);
            AddToHidden(rows);
        }
        Logits();
    }

    private int Begin(ReadOnlySpan<SequenceStep> batch)
    {
        var rows = 0;
        foreach (ref readonly var step in batch)
        {
            if (step.Tokens.Length == 0 || step.Pages.Length * KvPages.PageSize < step.Position + step.Tokens.Length)
                throw new ArgumentException("A sequence brings no tokens, or has too few pages for them.", nameof(batch));
            rows += step.Tokens.Length;
        }
        if (rows == 0 || rows > MaxRows)
            throw new ArgumentException($"The step has {rows} tokens; it must have 1 to {MaxRows}.", nameof(batch));

        if (_steps.Length < batch.Length)
            _steps = new SequenceStep[batch.Length * 2];
        batch.CopyTo(_steps);
        _count = batch.Length;
        _attention.Begin(_steps, _count);

        var row = 0;
        foreach (ref readonly var step in batch)
        {
            foreach (var id in step.Tokens.Span)
                _weights.Embedding.CopyRow(id, _hidden.AsSpan(row++ * _config.HiddenSize, _config.HiddenSize));
        }
        return rows;
    }

    private void Logits()
    {
        var hidden = _config.HiddenSize;
        var row = -1;
        var asking = 0;
        for (var s = 0; s < _count; s++)
        {
            row += _steps[s].Tokens.Length;
            if (_steps[s].Logits.IsEmpty)
                continue;
            VectorMath.RmsNorm(_hidden.AsSpan(row * hidden, hidden), _weights.FinalNorm, _config.NormEpsilon, _normed.AsSpan(asking * hidden, hidden));
            _asking[asking++] = s;
            if (asking == LogitRows)
                Flush(ref asking);
        }
        if (asking > 0)
            Flush(ref asking);
    }

    private void Flush(ref int asking)
    {
        _product.Compute(_weights.Output, _normed, _logits, asking);
        for (var i = 0; i < asking; i++)
            _logits.AsSpan(i * _config.VocabularySize, _config.VocabularySize).CopyTo(_steps[_asking[i]].Logits.Span);
        asking = 0;
    }

    private void Attention(TransformerLayer layer, int index, int count)
    {
        _product.Compute(layer.Query, _normed, _queries, count);
        _product.Compute(layer.Key, _normed, _keys, count);
        _product.Compute(layer.Value, _normed, _values, count);

        var size = _config.HeadSize;
        HeadNorm.Apply(layer.QueryNorm, _queries.AsSpan(0, count * _config.Heads * size), _config.NormEpsilon);
        HeadNorm.Apply(layer.KeyNorm, _keys.AsSpan(0, count * _config.KeyValueHeads * size), _config.NormEpsilon);
        var row = 0;
        for (var s = 0; s < _count; s++)
        {
            var pages = _steps[s].Pages.Span;
            for (var position = _steps[s].Position; position < _steps[s].Position + _steps[s].Tokens.Length; position++)
                Place(index, row++, position, pages[position / KvPages.PageSize]);
        }

        _attention.Compute(index, _queries, _attended);
        _product.Compute(layer.AttentionOutput, _attended, _delta, count);
    }

    // Turns queries and keys by their position, and puts keys and values where they stay.
    private void Place(int layer, int row, int position, int page)
    {
        var size = _config.HeadSize;
        var cos = _weights.Rotary.Cos(position);
        var sin = _weights.Rotary.Sin(position);
        for (var head = 0; head < _config.Heads; head++)
            VectorMath.Rotate(_queries.AsSpan(((row * _config.Heads) + head) * size, size), cos, sin);
        for (var head = 0; head < _config.KeyValueHeads; head++)
        {
            var from = ((row * _config.KeyValueHeads) + head) * size;
            VectorMath.Rotate(_keys.AsSpan(from, size), cos, sin);
            _cache.Store(layer, page, position % KvPages.PageSize, head, _keys.AsSpan(from, size), _values.AsSpan(from, size));
        }
    }

    private void Norm(float[] weight, int count)
    {
        var hidden = _config.HiddenSize;
        for (var t = 0; t < count; t++)
            VectorMath.RmsNorm(_hidden.AsSpan(t * hidden, hidden), weight, _config.NormEpsilon, _normed.AsSpan(t * hidden, hidden));
    }

    private void AddToHidden(int count)
    {
        var used = _hidden.AsSpan(0, count * _config.HiddenSize);
        TensorPrimitives.Add(used, _delta.AsSpan(0, used.Length), used);
    }
}
