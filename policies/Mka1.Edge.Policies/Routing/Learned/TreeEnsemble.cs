namespace Mka1.Edge.Policies.Routing.Learned;

/// <summary>Small regression trees of one depth, each laid out as a full binary tree: inner nodes in level order, then leaves.</summary>
internal sealed class TreeEnsemble(int depth, byte[] features, float[] thresholds, float[] leaves)
{
    public const int MaxDepth = 8;

    public int Depth { get; } = depth;

    /// <summary>Dense feature that each inner node looks at.</summary>
    public byte[] Features { get; } = features;

    /// <summary>A feature at most this goes left.</summary>
    public float[] Thresholds { get; } = thresholds;

    public float[] Leaves { get; } = leaves;

    public int Count => Leaves.Length >> Depth;

    public float Sum(ReadOnlySpan<float> dense)
    {
        var inner = (1 << Depth) - 1;
        float sum = 0;
        for (int tree = 0, count = Count; tree < count; tree++)
        {
            var features = Features.AsSpan(tree * inner, inner);
            var thresholds = Thresholds.AsSpan(tree * inner, inner);
            var node = 0;
            while (node < inner) node = (2 * node) + (dense[features[node]] <= thresholds[node] ? 1 : 2);
            sum += Leaves[(tree << Depth) + node - inner];
        }

        return sum;
    }
}
