using Mka1.Edge.Policies.Routing.Learned;
using Mka1.Edge.Policies.Routing.Text;

namespace Mka1.Edge.Policies.Routing.Training;

/// <summary>One fitted number: a linear part and trees.</summary>
internal sealed record HeadModel(LinearModel Linear, TreeEnsemble Trees, double TreeMean)
{
    /// <summary>What is predicted when there was nothing to learn from.</summary>
    public static HeadModel Nothing(TrainingSettings settings)
    {
        var inner = (1 << settings.TreeDepth) - 1;
        return new HeadModel(
            new LinearModel(0, new double[TextScratch.DenseCount], new double[TextScratch.Blocks * TextScratch.Buckets]),
            new TreeEnsemble(settings.TreeDepth, new byte[inner], new float[inner], new float[inner + 1]), 0);
    }

    public HeadDocument ToDocument()
    {
        var (scale, hashed) = WeightsFile.Pack(Linear.Hashed);
        return new HeadDocument(
            (float)(Linear.Bias + TreeMean), [.. Linear.Dense.Select(w => (float)w)], scale, hashed,
            Trees.Depth, Trees.Features, WeightsFile.Pack(Trees.Thresholds), WeightsFile.Pack(Trees.Leaves));
    }
}
