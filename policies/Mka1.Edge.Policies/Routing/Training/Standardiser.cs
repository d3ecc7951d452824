using Mka1.Edge.Policies.Routing.Learned;

namespace Mka1.Edge.Policies.Routing.Training;

/// <summary>Means and scales of the dense features over the rows that are learnt from.</summary>
internal sealed class Standardiser
{
    private const double Least = 1e-6;

    public Standardiser(FeatureMatrix matrix, IReadOnlyList<int> rows)
    {
        var count = matrix.Dense[0].Length;
        Mean = new float[count];
        Scale = new float[count];
        for (var f = 0; f < count; f++)
        {
            var mean = rows.Average(row => (double)matrix.Dense[row][f]);
            var variance = rows.Average(row => Math.Pow(matrix.Dense[row][f] - mean, 2));
            Mean[f] = (float)mean;
            Scale[f] = (float)(1 / (Math.Sqrt(variance) + Least));
        }
    }

    public float[] Mean { get; }

    public float[] Scale { get; }

    /// <summary>Standardised as the scorer does it, times <paramref name="weight"/>.</summary>
    public double[] Of(float[] dense, double weight)
    {
        var values = new double[dense.Length];
        for (var i = 0; i < dense.Length; i++)
            values[i] = weight * Math.Clamp((dense[i] - Mean[i]) * Scale[i], -RoutingWeights.Clip, RoutingWeights.Clip);
        return values;
    }
}
