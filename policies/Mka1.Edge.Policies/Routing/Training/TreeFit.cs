using Mka1.Edge.Policies.Routing.Learned;

namespace Mka1.Edge.Policies.Routing.Training;

/// <summary>Gradient boosting of small trees over the dense features, in histograms.</summary>
internal sealed class TreeFit(BinnedFeatures bins, TrainingSettings settings)
{
    /// <summary>Fits targets; the mean is not part of the trees.</summary>
    /// <returns>The trees, their leaves times <paramref name="scale"/>, and the mean.</returns>
    public (TreeEnsemble Trees, double Mean) Fit(IReadOnlyList<int> rows, double[] targets, double[] weights, double scale)
    {
        var inner = (1 << settings.TreeDepth) - 1;
        var features = new byte[settings.Trees * inner];
        var thresholds = new float[settings.Trees * inner];
        var leaves = new float[settings.Trees * (inner + 1)];
        var total = rows.Sum(row => weights[row]);
        var mean = rows.Sum(row => weights[row] * targets[row]) / total;
        var residuals = rows.Select(row => targets[row] - mean).ToArray();
        var nodes = new int[rows.Count];
        for (var tree = 0; tree < settings.Trees; tree++)
        {
            Array.Clear(nodes);
            for (var depth = 0; depth < settings.TreeDepth; depth++) Grow(rows, weights, residuals, nodes, depth, features.AsSpan(tree * inner, inner), thresholds.AsSpan(tree * inner, inner));
            Settle(rows, weights, residuals, nodes, inner, leaves.AsSpan(tree * (inner + 1), inner + 1), scale);
        }

        return (new TreeEnsemble(settings.TreeDepth, features, thresholds, leaves), mean);
    }

    /// <summary>Splits every node of one level where that helps most. A node left whole sends all its rows left.</summary>
    private void Grow(IReadOnlyList<int> rows, double[] weights, double[] residuals, int[] nodes, int depth, Span<byte> features, Span<float> thresholds)
    {
        var first = (1 << depth) - 1;
        var width = 1 << depth;
        var sums = new double[width * bins.Features * BinnedFeatures.Bins];
        var heft = new double[sums.Length];
        var counts = new int[sums.Length];
        for (var i = 0; i < rows.Count; i++)
        {
            var at = (nodes[i] - first) * bins.Features * BinnedFeatures.Bins;
            var row = bins.Row(rows[i]);
            double weight = weights[rows[i]], amount = weight * residuals[i];
            for (var f = 0; f < row.Length; f++, at += BinnedFeatures.Bins)
            {
                var slot = at + row[f];
                sums[slot] += amount;
                heft[slot] += weight;
                counts[slot]++;
            }
        }

        var splits = new int[width];
        for (var node = 0; node < width; node++)
        {
            var (feature, bin) = BestSplit(sums, heft, counts, node * bins.Features * BinnedFeatures.Bins);
            features[first + node] = (byte)feature;
            splits[node] = bin;
            thresholds[first + node] = bin < 0 ? float.MaxValue : bins.Edge(feature, bin);
        }

        for (var i = 0; i < rows.Count; i++)
        {
            var node = nodes[i] - first;
            var right = splits[node] >= 0 && bins.Row(rows[i])[features[first + node]] > splits[node];
            nodes[i] = (2 * nodes[i]) + (right ? 2 : 1);
        }
    }

    private (int Feature, int Bin) BestSplit(double[] sums, double[] heft, int[] counts, int start)
    {
        double best = 1e-9;
        var found = (0, -1);
        for (var f = 0; f < bins.Features; f++)
        {
            var at = start + (f * BinnedFeatures.Bins);
            double sum = 0, weight = 0, left = 0, leftWeight = 0;
            int count = 0, leftCount = 0;
            for (var b = 0; b < BinnedFeatures.Bins; b++)
            {
                sum += sums[at + b];
                weight += heft[at + b];
                count += counts[at + b];
            }

            var whole = Gain(sum, weight);
            for (var b = 0; b < BinnedFeatures.Bins - 1; b++)
            {
                left += sums[at + b];
                leftWeight += heft[at + b];
                leftCount += counts[at + b];
                if (leftCount < settings.LeafRows || count - leftCount < settings.LeafRows) continue;
                var gain = Gain(left, leftWeight) + Gain(sum - left, weight - leftWeight) - whole;
                if (gain > best) (best, found) = (gain, (f, b));
            }
        }

        return found;
    }

    private double Gain(double sum, double weight) => sum * sum / (weight + settings.LeafPenalty);

    private void Settle(IReadOnlyList<int> rows, double[] weights, double[] residuals, int[] nodes, int inner, Span<float> leaves, double scale)
    {
        var sums = new double[leaves.Length];
        var heft = new double[leaves.Length];
        for (var i = 0; i < rows.Count; i++)
        {
            sums[nodes[i] - inner] += weights[rows[i]] * residuals[i];
            heft[nodes[i] - inner] += weights[rows[i]];
        }

        for (var leaf = 0; leaf < leaves.Length; leaf++)
        {
            sums[leaf] *= settings.LearningRate / (heft[leaf] + settings.LeafPenalty);
            leaves[leaf] = (float)(scale * sums[leaf]);
        }

        for (var i = 0; i < rows.Count; i++) residuals[i] -= sums[nodes[i] - inner];
    }
}
