namespace Mka1.Edge.Policies.Routing.Training;

/// <summary>Dense features sorted into bins of about equally many rows.</summary>
internal sealed class BinnedFeatures
{
    public const int Bins = 64;

    private readonly byte[][] _rows;
    private readonly float[][] _edges;

    public BinnedFeatures(FeatureMatrix matrix)
    {
        Features = matrix.Dense[0].Length;
        _edges = [.. Enumerable.Range(0, Features).Select(f => Edges(matrix, f))];
        _rows = [.. matrix.Dense.Select(dense => dense.Select((value, f) => Bin(_edges[f], value)).ToArray())];
    }

    public int Features { get; }

    public ReadOnlySpan<byte> Row(int row) => _rows[row];

    /// <summary>The largest value of a bin.</summary>
    public float Edge(int feature, int bin) => _edges[feature][bin];

    private static float[] Edges(FeatureMatrix matrix, int feature)
    {
        var sorted = matrix.Dense.Select(dense => dense[feature]).Order().ToArray();
        var distinct = sorted.Distinct().ToArray();
        var edges = new float[Bins];
        for (var b = 0; b < Bins; b++)
        {
            edges[b] = distinct.Length <= Bins
                ? distinct[Math.Min(b, distinct.Length - 1)]
                : sorted[Math.Min(sorted.Length - 1, (int)((b + 1L) * sorted.Length / Bins))];
        }

        edges[Bins - 1] = float.MaxValue;
        return edges;
    }

    private static byte Bin(float[] edges, float value)
    {
        var bin = 0;
        while (value > edges[bin]) bin++;
        return (byte)bin;
    }
}
