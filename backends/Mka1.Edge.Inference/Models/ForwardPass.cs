using System.Numerics.Tensors;
using Mka1.Edge.Inference.Kernels;

namespace Mka1.Edge.Inference.Models;

/// <summary>Runs tokens through the transformer; owns the buffers this takes, so one instance serves one thread, request after request.</summary>
internal sealed class ForwardPass
{
    /// <summary>Prompt tokens that go through the layers together: weights are read once for all of them.</summary>
    public const int BlockSize = 64;

    private readonly TransformerWeights _weights;
    private readonly ModelConfig _config;
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
    private int _last;

    public ForwardPass(TransformerWeights weights, ComputeTeam team)
    {
        _weights = weights;
        _config = weights.Config;
        _product = new MatrixProduct(team);
        _attention = new AttentionWork(_config, team);
        _feedForward = new FeedForwardPass(_config, _product, BlockSize);
        _hidden = new float[BlockSize * _config.HiddenSize];
        _normed = new float[BlockSize * _config.HiddenSize];
        _delta = new float[BlockSize * _config.HiddenSize];
        _queries = new float[BlockSize * _config.Heads * _config.HeadSize];
        _attended = new float[BlockSize * _config.Heads * _config.HeadSize];
        _keys = new float[BlockSize * _config.KeyValueHeads * _config.HeadSize];
        _values = new float[BlockSize * _config.KeyValueHeads * _config.HeadSize];
        _logits = new float[_config.VocabularySize];
    }

    /// <summary>Appends tokens to the cache without asking what follows; at most <see cref="BlockSize"/>.</summary>
    public void Append(ReadOnlySpan<int> ids, KvCache cache)
    {
        var hidden = _config.HiddenSize;
        for (var t = 0; t < ids.Length; t++)
            _weights.Embedding.CopyRow(ids[t], _hidden.AsSpan(t * hidden, hidden));

        for (var i = 0; i < _weights.Layers.Length; i++)
        {
            var layer = _weights.Layers[i];
            Norm(layer.AttentionNorm, ids.Length);
            Attention(layer, i, ids.Length, cache);
            AddToHidden(ids.Length);

            Norm(layer.FeedForwardNorm, ids.Length);
            _feedForward.Compute(layer.FeedForward, _normed, _delta, ids.Length);
            AddToHidden(ids.Length);
        }
        cache.Length += ids.Length;
        _last = ids.Length - 1;
    }

    /// <summary>The logits [vocabulary] of what follows the last token appended; valid until the next call.</summary>
    public ReadOnlySpan<float> Logits()
    {
        var hidden = _config.HiddenSize;
        VectorMath.RmsNorm(_hidden.AsSpan(_last * hidden, hidden), _weights.FinalNorm, _config.NormEpsilon, _normed.AsSpan(0, hidden));
        _product.Compute(_weights.Output, _normed, _logits, 1);
        return _logits;
    }

    private void Attention(TransformerLayer layer, int index, int count, KvCache cache)
    {
        _product.Compute(layer.Query, _normed, _queries, count);
        _product.Compute(layer.Key, _normed, _keys, count);
        _product.Compute(layer.Value, _normed, _values, count);

        var size = _config.HeadSize;
        HeadNorm.Apply(layer.QueryNorm, _queries.AsSpan(0, count * _config.Heads * size), _config.NormEpsilon);
        HeadNorm.Apply(layer.KeyNorm, _keys.AsSpan(0, count * _config.KeyValueHeads * size), _config.NormEpsilon);
        for (var t = 0; t < count; t++)
        {
            var position = cache.Length + t;
            var cos = _weights.Rotary.Cos(position);
            var sin = _weights.Rotary.Sin(position);
            for (var head = 0; head < _config.Heads; head++)
                VectorMath.Rotate(_queries.AsSpan(((t * _config.Heads) + head) * size, size), cos, sin);
            for (var head = 0; head < _config.KeyValueHeads; head++)
            {
                var from = ((t * _config.KeyValueHeads) + head) * size;
                VectorMath.Rotate(_keys.AsSpan(from, size), cos, sin);
                _keys.AsSpan(from, size).CopyTo(cache.Keys(index)[cache.Offset(head, position)..]);
                _values.AsSpan(from, size).CopyTo(cache.Values(index)[cache.Offset(head, position)..]);
            }
        }

        _attention.Compute(cache, index, _queries, _attended, count);
        _product.Compute(layer.AttentionOutput, _attended, _delta, count);
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
