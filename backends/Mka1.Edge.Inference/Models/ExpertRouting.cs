using Mka1.Edge.Inference.Kernels;

namespace Mka1.Edge.Inference.Models;

/// <summary>Which experts work on which tokens of a block, and how much each counts: softmax over all, the best k, made to sum to 1 where the model asks for it.</summary>
internal sealed class ExpertRouting(int experts, int expertsPerToken, bool normalize, int maxTokens)
{
    private readonly int[] _chosen = new int[maxTokens * expertsPerToken];
    private readonly float[] _weights = new float[maxTokens * expertsPerToken];
    private int _count;

    /// <summary>Routes tokens by the router's scores [count, experts]; the scores are overwritten.</summary>
    public void Route(Span<float> scores, int count)
    {
        _count = count;
        for (var t = 0; t < count; t++)
        {
            var probabilities = scores.Slice(t * experts, experts);
            VectorMath.Softmax(probabilities);
            var chosen = _chosen.AsSpan(t * expertsPerToken, expertsPerToken);
            var weights = _weights.AsSpan(t * expertsPerToken, expertsPerToken);
            var total = 0f;
            for (var k = 0; k < expertsPerToken; k++)
            {
                var best = 0;
                for (var e = 1; e < experts; e++)
                {
                    if (probabilities[e] > probabilities[best])
                        best = e;
                }
                (chosen[k], weights[k]) = (best, probabilities[best]);
                total += probabilities[best];
                probabilities[best] = -1;
            }
            for (var k = 0; normalize && k < expertsPerToken; k++)
                weights[k] /= total;
        }
    }

    /// <summary>The tokens an expert works on, in order, with the weight of each; returns how many.</summary>
    public int TokensOf(int expert, Span<int> tokens, Span<float> weights)
    {
        var found = 0;
        for (var i = 0; i < _count * expertsPerToken; i++)
        {
            if (_chosen[i] == expert)
            {
                tokens[found] = i / expertsPerToken;
                weights[found++] = _weights[i];
            }
        }
        return found;
    }
}
