using Mka1.Edge.Policies.Routing.Text;

namespace Mka1.Edge.Policies.Routing.Training;

/// <summary>Features of all rows: hashed ones sparse, each block of length one; dense ones as they are read.</summary>
internal sealed class FeatureMatrix
{
    private readonly List<int> _columns = [];
    private readonly List<float> _values = [];
    private readonly int[] _starts;

    public FeatureMatrix(IReadOnlyList<TrainingRow> rows)
    {
        _starts = new int[rows.Count + 1];
        Dense = new float[rows.Count][];
        var scratch = TextScratch.Current;
        for (var i = 0; i < rows.Count; i++)
        {
            FeatureReader.Read(rows[i].Prompt, scratch);
            AddBlock(scratch.Counts, scratch.WordBuckets.AsSpan(0, scratch.WordBucketCount));
            AddBlock(scratch.Counts, scratch.GramBuckets.AsSpan(0, scratch.GramBucketCount));
            Dense[i] = [.. scratch.Dense];
            _starts[i + 1] = _columns.Count;
        }
    }

    public int Rows => Dense.Length;

    public float[][] Dense { get; }

    public ReadOnlySpan<int> Columns(int row) => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_columns)[_starts[row].._starts[row + 1]];

    public ReadOnlySpan<float> Values(int row) => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_values)[_starts[row].._starts[row + 1]];

    private void AddBlock(short[] counts, ReadOnlySpan<int> buckets)
    {
        double squares = 0;
        var start = _values.Count;
        foreach (var bucket in buckets)
        {
            var count = (int)counts[bucket];
            counts[bucket] = 0;
            if (count == 0) continue;
            var value = DenseFeatures.SignedLog(count);
            squares += (double)value * value;
            _columns.Add(bucket);
            _values.Add(value);
        }

        var norm = squares == 0 ? 0 : 1 / Math.Sqrt(squares);
        for (var i = start; i < _values.Count; i++) _values[i] = (float)(_values[i] * norm);
    }
}
