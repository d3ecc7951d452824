using System.Runtime.CompilerServices;

namespace Mka1.Edge.Policies.Routing.Learned;

/// <summary>Small regression trees of one depth, each laid out as a full binary tree: inner nodes in level order, then leaves.</summary>
internal sealed class TreeEnsemble(int depth, byte[] features, float[] thresholds, float[] leaves)
{
    public const int MaxDepth = 8;

    /// <summary>Features and thresholds side by side, so that a node is one look into memory.</summary>
    private readonly (int Feature, float Threshold)[] _nodes = [.. features.Select((feature, at) => ((int)feature, thresholds[at]))];

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
            var nodes = _nodes.AsSpan(tree * inner, inner);
            var node = 0;

            // Arithmetic in place of a branch, which would be guessed wrong every other time.
            for (var depth = 0; depth < Depth; depth++)
            {
                var at = nodes[node];
                var left = dense[at.Feature] <= at.Threshold;
                node = (2 * node) + 2 - Unsafe.BitCast<bool, byte>(left);
            }

            sum += Leaves[(tree << Depth) + node - inner];
        }

        return sum;
    }
}
