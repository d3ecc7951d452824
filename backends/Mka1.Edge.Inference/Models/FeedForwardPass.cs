using System.Diagnostics;
using System.Numerics.Tensors;
using Mka1.Edge.Inference.Kernels;

namespace Mka1.Edge.Inference.Models;

/// <summary>Computes feed-forward layers, dense or mixture, with buffers of its own.</summary>
internal sealed class FeedForwardPass
{
    private readonly ModelConfig _config;
    private readonly MatrixProduct _product;
    private readonly float[] _gate;
    private readonly float[] _up;
    private readonly float[] _scratch;

    // Mixtures only: the tokens of one expert, packed together so that they pass through it as one matrix.
    private readonly ExpertRouting? _routing;
    private readonly float[] _scores;
    private readonly float[] _packed;
    private readonly float[] _packedOutput;
    private readonly int[] _tokens;
    private readonly float[] _weights;

    public FeedForwardPass(ModelConfig config, MatrixProduct product, int maxTokens)
    {
        _config = config;
        _product = product;
        var width = Math.Max(config.IntermediateSize, Math.Max(config.ExpertIntermediateSize, config.SharedExpertIntermediateSize));
        _gate = new float[maxTokens * width];
        _up = new float[maxTokens * width];
        _scratch = new float[maxTokens * width];
        var mixture = config.Experts > 0 ? maxTokens : 0;
        _routing = config.Experts > 0 ? new ExpertRouting(config.Experts, config.ExpertsPerToken, config.NormalizeExpertWeights, maxTokens) : null;
        _scores = new float[mixture * config.Experts];
        _packed = new float[mixture * config.HiddenSize];
        _packedOutput = new float[mixture * config.HiddenSize];
        _tokens = new int[mixture];
        _weights = new float[mixture];
    }

    /// <summary>Applies a layer to <paramref name="count"/> tokens.</summary>
    /// <param name="layer">The weights.</param>
    /// <param name="x">[count, hidden]</param>
    /// <param name="y">[count, hidden], overwritten</param>
    /// <param name="count">How many tokens.</param>
    public void Compute(FeedForward layer, float[] x, float[] y, int count)
    {
        switch (layer)
        {
            case FeedForward.SwiGlu dense:
                Dense(dense, x, y, count);
                break;
            case FeedForward.Mixture mixture:
                Mixture(mixture, x, y, count);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void Dense(FeedForward.SwiGlu layer, float[] x, float[] y, int count)
    {
        _product.Compute(layer.Gate, x, _gate, count);
        _product.Compute(layer.Up, x, _up, count);
        var used = count * layer.Width;
        VectorMath.SwiGlu(_gate.AsSpan(0, used), _up.AsSpan(0, used), _scratch.AsSpan(0, used));
        _product.Compute(layer.Down, _gate, y, count);
    }

    private void Mixture(FeedForward.Mixture layer, float[] x, float[] y, int count)
    {
        var hidden = _config.HiddenSize;
        _product.Compute(layer.Router, x, _scores, count);
        _routing!.Route(_scores, count);
        if (layer.Shared is { } shared)
            Shared(shared, x, y, count);
        else
            y.AsSpan(0, count * hidden).Clear();
        for (var e = 0; e < layer.Experts.Length; e++)
        {
            var chosen = _routing.TokensOf(e, _tokens, _weights);
            if (chosen == 0)
                continue;
            for (var i = 0; i < chosen; i++)
                x.AsSpan(_tokens[i] * hidden, hidden).CopyTo(_packed.AsSpan(i * hidden));
            Dense(layer.Experts[e], _packed, _packedOutput, chosen);
            for (var i = 0; i < chosen; i++)
            {
                var target = y.AsSpan(_tokens[i] * hidden, hidden);
                TensorPrimitives.MultiplyAdd(_packedOutput.AsSpan(i * hidden, hidden), _weights[i], target, target);
            }
        }
    }

    private void Shared(FeedForward.SharedExpert shared, float[] x, float[] y, int count)
    {
        Dense(shared.Expert, x, y, count);
        _product.Compute(shared.Gate, x, _weights, count);
        for (var t = 0; t < count; t++)
        {
            // One by one: over a span, the last bits of a sigmoid depend on how many there are.
            var weight = 1f / (1f + MathF.Exp(-_weights[t]));
            var target = y.AsSpan(t * _config.HiddenSize, _config.HiddenSize);
            TensorPrimitives.Multiply(target, weight, target);
        }
    }
}
