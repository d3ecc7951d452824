using System.Numerics.Tensors;

namespace Mka1.Edge.Inference.Sampling;

/// <summary>Log probabilities of the bare model.</summary>
internal static class Logprobs
{
    /// <summary>What to take off a logit to get its log probability: <c>log Σ exp(logit)</c>.</summary>
    public static float Normalizer(ReadOnlySpan<float> logits)
    {
        var max = TensorPrimitives.Max(logits);
        double sum = 0;
        foreach (var logit in logits)
            sum += Math.Exp(logit - max);
        return (float)(max + Math.Log(sum));
    }

    /// <summary>The ids of the largest logits, best first, the lower id first among equals.</summary>
    public static void Best(ReadOnlySpan<float> logits, Span<int> ids)
    {
        var count = 0;
        for (var id = 0; id < logits.Length; id++)
        {
            if (count == ids.Length && logits[id] <= logits[ids[count - 1]])
                continue;
            var at = count < ids.Length ? count++ : count - 1;
            for (; at > 0 && logits[ids[at - 1]] < logits[id]; at--)
                ids[at] = ids[at - 1];
            ids[at] = id;
        }
    }
}
