using System.Text.Json;
using Mka1.Edge.Policies.Routing.Learned;
using Mka1.Edge.Policies.Routing.Text;

namespace Mka1.Edge.Policies.Routing.Training;

/// <summary>
/// Makes weights from rows: five folds by family give scores that no row had a part in; from these come the calibration, the
/// levels of the tiers and the report; the weights themselves are then fitted to all rows. The same rows give the same bytes.
/// </summary>
public sealed class RoutingTrainer
{
    internal const int Folds = 5;

    private readonly IReadOnlyList<TrainingRow> _rows;
    private readonly TrainingSettings _settings;
    private readonly FeatureMatrix _matrix;
    private readonly BinnedFeatures _bins;
    private readonly int[] _folds;

    public RoutingTrainer(IReadOnlyList<TrainingRow> rows, TrainingSettings settings)
    {
        _rows = rows;
        _settings = settings;
        _matrix = new FeatureMatrix(rows);
        _bins = new BinnedFeatures(_matrix);
        _folds = [.. Families.Of(rows).Select(first => (int)(Hash(rows[first].Id) % Folds))];
    }

    /// <summary>Trains and judges.</summary>
    /// <param name="sets">The files the rows are from.</param>
    /// <param name="tierModels">Names of the models behind the three tiers.</param>
    /// <param name="note">Told what is being done.</param>
    /// <returns>The weights file, and how good it is.</returns>
    public (byte[] Weights, TrainingReport Report) Train(IReadOnlyList<TrainingSet> sets, IReadOnlyList<string> tierModels, Action<string> note)
    {
        note($"{_rows.Count} rows in {Folds} folds by family");
        var models = new FittedModel[Folds];
        Parallel.For(0, Folds, fold => models[fold] = Fit(row => _folds[row] != fold));
        double[] scores = [.. _rows.Select((_, row) => models[_folds[row]].NeedOf(row))];
        double[] gains = [.. _rows.Select((_, row) => models[_folds[row]].GainOf(row))];
        bool[] needs = [.. _rows.Select(row => row.Needs)];

        var calibration = CalibrationFit.Of(scores, needs);
        int[] tiered = [.. Enumerable.Range(0, _rows.Count).Where(row => _rows[row].Tiers is not null)];
        var levels = LevelFit.Of([.. tiered.Select(row => calibration.Logit(scores[row]))], [.. tiered.Select(row => gains[row])], _settings.Shares);

        note("judging");
        var judge = new TrainingJudge(_rows, _folds, _settings);
        var probabilities = judge.CrossCalibrated(scores);
        var report = new TrainingReport(
            judge.BySet(scores, probabilities),
            LeftOut(judge, calibration, note),
            LearningCurve(judge, note),
            RouterMetrics.Table(probabilities, needs),
            tiered.Length == 0 ? null : judge.Tiers(tiered, [.. models.Select(model => Weights(model, calibration, levels))]));

        note("fitting all rows");
        var provenance = new Provenance(Fingerprint(sets), sets, tierModels, _settings, report);
        return (WeightsFile.Write(Document(Fit(_ => true), calibration, levels, JsonSerializer.SerializeToElement(provenance, ProvenanceJson.Default.Provenance))), report);
    }

    private FittedModel Fit(Predicate<int> from, bool needOnly = false) =>
        new(_matrix, _bins, _rows, [.. Enumerable.Range(0, _rows.Count).Where(row => from(row))], _settings, needOnly);

    private SetResult[] LeftOut(TrainingJudge judge, Calibration calibration, Action<string> note)
    {
        note("leaving out one benchmark, then one task, at a time");
        var tasks = judge.Tasks();
        var results = new SetResult[tasks.Count];
        Parallel.For(0, tasks.Count, i =>
        {
            var model = Fit(row => !tasks[i].Holds(_rows[row]), needOnly: true);
            int[] held = [.. Enumerable.Range(0, _rows.Count).Where(row => tasks[i].Holds(_rows[row]))];
            double[] scores = [.. held.Select(model.NeedOf)];
            results[i] = judge.Result(tasks[i].Name, held, scores, [.. scores.Select(s => Calibration.Probability(calibration.Logit(s)))]);
        });
        return results;
    }

    private List<CurvePoint> LearningCurve(TrainingJudge judge, Action<string> note)
    {
        note("learning curve");
        var points = new List<CurvePoint>();
        foreach (var share in (double[])[0.1, 0.25, 0.5, 0.75, 1])
        {
            var models = new FittedModel[Folds];
            Parallel.For(0, Folds, fold => models[fold] = Fit(row => _folds[row] != fold && Hash("share " + _rows[row].Id) % 1000 < share * 1000, needOnly: true));
            points.Add(judge.Point(share, [.. _rows.Select((_, row) => models[_folds[row]].NeedOf(row))]));
        }

        return points;
    }

    private static WeightsDocument Document(FittedModel model, Calibration calibration, LevelScale levels, JsonElement provenance) => new()
    {
        Schema = WeightsDocument.KnownSchema,
        Hash = TextHash.Name,
        Bits = TextScratch.Bits,
        Window = TextScratch.Half,
        Dense = new DenseDocument(Enum.GetNames<DenseFeature>(), model.Standardiser.Mean, model.Standardiser.Scale),
        Need = model.Need.ToDocument(),
        Gain = model.Gain.ToDocument(),
        Calibration = new CalibrationDocument(calibration.Scores, calibration.Logits),
        Levels = levels,
        Provenance = provenance,
    };

    private static RoutingWeights Weights(FittedModel model, Calibration calibration, LevelScale levels) =>
        WeightsFile.Parse(WeightsFile.Write(Document(model, calibration, levels, JsonSerializer.SerializeToElement("", WeightsJson.Default.String))));

    private string Fingerprint(IReadOnlyList<TrainingSet> sets)
    {
        var hash = Hash(string.Join(';', sets.Select(set => set.Sha256)) + TextHash.Name + JsonSerializer.Serialize(_settings, ProvenanceJson.Default.TrainingSettings));
        return $"{sets.Count} sets, {_rows.Count} rows, {hash:x8}";
    }

    private static uint Hash(string text)
    {
        var hash = TextHash.Seed;
        foreach (var c in text) hash = TextHash.Step(hash, c);
        return TextHash.Mix(hash);
    }
}
