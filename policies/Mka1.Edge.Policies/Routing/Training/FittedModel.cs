using Mka1.Edge.Policies.Routing.Text;

namespace Mka1.Edge.Policies.Routing.Training;

/// <summary>Both heads, fitted to some of the rows, and their predictions for any row.</summary>
internal sealed class FittedModel
{
    private const int FewestTiered = 200;

    private readonly FeatureMatrix _matrix;
    private readonly RidgeFit _ridge;

    public FittedModel(FeatureMatrix matrix, BinnedFeatures bins, IReadOnlyList<TrainingRow> rows, IReadOnlyList<int> from, TrainingSettings settings, bool needOnly = false)
    {
        _matrix = matrix;
        Standardiser = new Standardiser(matrix, from);
        _ridge = new RidgeFit(matrix, Standardiser, settings);
        var taught = new TaskMeans(rows, from, settings);
        double[] weights = [.. rows.Select(row => row.Tiers is null ? 1 : settings.TieredRowWeight)];
        double[] need = [.. rows.Select(row => row.Gain + (settings.NeedShare * (row.Needs ? 1 : 0)))];
        Need = Fit(bins, from, need, taught.Blend(need), weights, settings);
        LeanOnLength(from, settings.LengthPrior);
        int[] tiered = needOnly ? [] : [.. from.Where(row => rows[row].Tiers is not null)];
        double[] gain = [.. rows.Select(row => row.Tiers is { } tiers ? tiers[1] - tiers[0] : 0)];
        Gain = tiered.Length < FewestTiered
            ? HeadModel.Nothing(settings)
            : Fit(bins, tiered, gain, gain, weights, settings);
    }

    public Standardiser Standardiser { get; }

    public HeadModel Need { get; }

    public HeadModel Gain { get; }

    public double NeedOf(int row) => Predict(Need, row);

    public double GainOf(int row) => Predict(Gain, row);

    private HeadModel Fit(BinnedFeatures bins, IReadOnlyList<int> from, double[] targets, double[] forTrees, double[] weights, TrainingSettings settings)
    {
        var linear = _ridge.Fit(from, targets, weights);
        var (trees, mean) = new TreeFit(bins, settings).Fit(from, forTrees, weights, settings.TreeWeight);
        return new HeadModel(linear, trees, settings.TreeWeight * mean);
    }

    private void LeanOnLength(IReadOnlyList<int> from, double prior)
    {
        var scores = from.Select(NeedOf).ToArray();
        var mean = scores.Average();
        Need.Linear.Dense[(int)DenseFeature.Length] += prior * Math.Sqrt(scores.Average(score => Math.Pow(score - mean, 2)));
    }

    private double Predict(HeadModel head, int row) => _ridge.Predict(head.Linear, row) + head.TreeMean + head.Trees.Sum(_matrix.Dense[row]);
}
