using Mka1.Edge.Policies.Routing.Learned;

namespace Mka1.Edge.Policies.Routing.Training;

/// <summary>Says how good scores are, set by set.</summary>
internal sealed class TrainingJudge(IReadOnlyList<TrainingRow> rows, int[] folds, TrainingSettings settings)
{
    private const string Pool = "pool";

    /// <summary>A smaller gap has no share to recover: its sign is noise.</summary>
    private const double LeastGap = 0.05;
    private const int LeastTaskRows = 80;

    /// <summary>Probabilities for every row by a calibration that saw other folds only.</summary>
    public double[] CrossCalibrated(double[] scores)
    {
        var calibrations = Enumerable.Range(0, RoutingTrainer.Folds).Select(fold =>
        {
            int[] others = [.. Enumerable.Range(0, rows.Count).Where(row => folds[row] != fold)];
            return CalibrationFit.Of([.. others.Select(row => scores[row])], [.. others.Select(row => rows[row].Needs)]);
        }).ToArray();
        return [.. scores.Select((score, row) => Calibration.Probability(calibrations[folds[row]].Logit(score)))];
    }

    public IReadOnlyList<SetResult> BySet(double[] scores, double[] probabilities)
    {
        IEnumerable<(string Name, int[] Held)> sets =
        [
            .. rows.Select(row => row.Benchmark).Distinct().Select(benchmark => (benchmark, Held(row => row.Benchmark == benchmark))),
            (Pool, Held(row => row.Tiers is null)),
            ("all", Held(_ => true)),
        ];
        return
        [
            .. sets.Where(set => set.Held.Length > 0)
                .Select(set => Result(set.Name, set.Held, [.. set.Held.Select(row => scores[row])], [.. set.Held.Select(row => probabilities[row])])),
        ];
    }

    /// <summary>Every benchmark; of one with three tiers also every task that has a gap.</summary>
    public IReadOnlyList<TrainingTask> Tasks()
    {
        var benchmarks = rows.Select(row => row.Benchmark).Distinct().Select(benchmark => new TrainingTask(benchmark, benchmark, null));
        var tasks = rows.Where(row => row.Tiers is not null)
            .GroupBy(row => (row.Benchmark, row.Group))
            .Where(task => task.Count() >= LeastTaskRows && task.Average(row => row.Gain) >= LeastGap)
            .Select(task => new TrainingTask($"{task.Key.Benchmark}/{task.Key.Group}", task.Key.Benchmark, task.Key.Group));

        // Leaving out everything would leave nothing to learn from.
        return [.. benchmarks.Concat(tasks).Where(task => !rows.All(task.Holds))];
    }

    public SetResult Result(string name, int[] held, double[] scores, double[] probabilities)
    {
        double[] gains = [.. held.Select(row => rows[row].Gain)];
        bool[] needs = [.. held.Select(row => rows[row].Needs)];
        return new SetResult(
            name, held.Length, gains.Average(), RouterMetrics.Apgr(scores, gains), RouterMetrics.Cpt(scores, gains, 0.5),
            RouterMetrics.Cpt(scores, gains, 0.8), RouterMetrics.Auroc(scores, needs), RouterMetrics.Ece(probabilities, needs));
    }

    public CurvePoint Point(double share, double[] scores)
    {
        double Apgr(Predicate<TrainingRow> holds)
        {
            int[] held = Held(holds);
            return held.Length == 0 ? 0 : RouterMetrics.Apgr([.. held.Select(row => scores[row])], [.. held.Select(row => rows[row].Gain)]);
        }

        return new CurvePoint(share, Apgr(row => row.Tiers is null), Apgr(row => row.Tiers is not null));
    }

    /// <summary>Takes every row through the classifier that the gateway runs, with the weights of the fold that did not see it.</summary>
    public TierResult Tiers(int[] tiered, IReadOnlyList<RoutingWeights> byFold)
    {
        ComplexityClassifier[] classifiers = [.. byFold.Select(weights => new ComplexityClassifier(weights))];
        int[] chosen = [.. tiered.Select(row => (int)classifiers[folds[row]].Score(ComplexityFacts.None with { Prompt = rows[row].Prompt }, explain: false).DesiredTier)];
        double[] shares = [.. Enumerable.Range(0, 3).Select(tier => (double)chosen.Count(c => c == tier) / chosen.Length)];
        return new TierResult(
            tiered.Length, shares,
            shares.Zip(settings.Costs, (share, cost) => share * cost).Sum(),
            tiered.Select((row, i) => rows[row].Tiers![chosen[i]]).Average(),
            shares.Select((share, tier) => share * tiered.Average(row => rows[row].Tiers![tier])).Sum());
    }

    private int[] Held(Predicate<TrainingRow> holds) => [.. Enumerable.Range(0, rows.Count).Where(row => holds(rows[row]))];
}
