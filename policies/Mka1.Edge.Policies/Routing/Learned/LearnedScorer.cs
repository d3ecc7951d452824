using System.Runtime.CompilerServices;
using Mka1.Edge.Policies.Routing.Text;

namespace Mka1.Edge.Policies.Routing.Learned;

/// <summary>Scores a text with one set of weights. Allocates nothing; safe for any number of threads.</summary>
internal sealed class LearnedScorer
{
    private readonly RoutingWeights _weights;

    /// <summary>Weights of both heads side by side, so that a bucket is one look into memory.</summary>
    private readonly float[] _pairs;

    public LearnedScorer(RoutingWeights weights)
    {
        _weights = weights;
        _pairs = new float[2 * weights.Need.Hashed.Length];
        for (var i = 0; i < weights.Need.Hashed.Length; i++) (_pairs[2 * i], _pairs[(2 * i) + 1]) = (weights.Need.Hashed[i], weights.Gain.Hashed[i]);
    }

    public LearnedScore Score(ReadOnlySpan<char> text)
    {
        var scratch = TextScratch.Current;
        var traits = FeatureReader.Read(text, scratch);
        double need = _weights.Need.Bias, gain = _weights.Gain.Bias;
        AddBlock(scratch.Counts, scratch.WordBuckets.AsSpan(0, scratch.WordBucketCount), ref need, ref gain);
        AddBlock(scratch.Counts, scratch.GramBuckets.AsSpan(0, scratch.GramBucketCount), ref need, ref gain);
        AddDense(scratch.Dense, ref need, ref gain);
        need += _weights.Need.Trees.Sum(scratch.Dense);
        gain += _weights.Gain.Trees.Sum(scratch.Dense);
        var logit = _weights.Calibration.Logit(need);
        return new LearnedScore(Calibration.Probability(logit), gain, _weights.Levels.Level(logit, gain), traits);
    }

    /// <summary>Logarithms of the counts, brought to length one; the counts go back to zero.</summary>
    private void AddBlock(short[] counts, ReadOnlySpan<int> buckets, ref double need, ref double gain)
    {
        float squares = 0, needs = 0, gains = 0;
        foreach (var bucket in buckets)
        {
            var count = (int)counts[bucket];
            if (count == 0) continue;
            counts[bucket] = 0;
            var value = DenseFeatures.SignedLog(count);
            squares += value * value;
            ref var pair = ref Unsafe.Add(ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(_pairs), 2 * bucket);
            needs += value * pair;
            gains += value * Unsafe.Add(ref pair, 1);
        }

        if (squares == 0) return;
        var norm = 1 / MathF.Sqrt(squares);
        need += needs * norm;
        gain += gains * norm;
    }

    private void AddDense(ReadOnlySpan<float> dense, ref double need, ref double gain)
    {
        for (var i = 0; i < dense.Length; i++)
        {
            var value = _weights.Standardise(i, dense[i]);
            need += value * _weights.Need.Dense[i];
            gain += value * _weights.Gain.Dense[i];
        }
    }
}
