using System.Text.Json;
using Mka1.Edge.Policies.Routing.Learned;
using Mka1.Edge.Policies.Routing.Text;

namespace Mka1.Edge.Policies.Routing.Training;

/// <summary>Scores prompts the trainer's way, in double precision over the matrix it learns from, for the scorer to be held against.</summary>
public static class GoldenFile
{
    /// <summary>The prompts of a golden file.</summary>
    public static IReadOnlyList<string> Prompts(ReadOnlySpan<byte> json) =>
        [.. JsonSerializer.Deserialize(json, ProvenanceJson.Default.GoldenRowArray)!.Select(row => row.Prompt)];

    /// <summary>The golden file of these prompts under these weights.</summary>
    public static byte[] Write(IReadOnlyList<string> prompts, ReadOnlySpan<byte> weights)
    {
        var parsed = RoutingWeights.Parse(weights);
        var classifier = new ComplexityClassifier(parsed);
        var matrix = new FeatureMatrix([.. prompts.Select(prompt => new TrainingRow("", "", "", prompt, 0, 0, null))]);
        GoldenRow[] rows =
        [
            .. prompts.Select((prompt, row) => new GoldenRow(
                prompt, matrix.Dense[row], matrix.Columns(row).Length, Checksum(matrix, row),
                Calibration.Probability(parsed.Calibration.Logit(Sum(parsed, parsed.Need, matrix, row))),
                Sum(parsed, parsed.Gain, matrix, row),
                classifier.Score(ComplexityFacts.None with { Prompt = prompt }, explain: false).DesiredTier.Name())),
        ];
        return JsonSerializer.SerializeToUtf8Bytes(rows, ProvenanceJson.Default.GoldenRowArray);
    }

    private static double Sum(RoutingWeights weights, ScoreHead head, FeatureMatrix matrix, int row)
    {
        double sum = head.Bias + head.Trees.Sum(matrix.Dense[row]);
        var columns = matrix.Columns(row);
        var values = matrix.Values(row);
        for (var i = 0; i < columns.Length; i++) sum += (double)values[i] * head.Hashed[columns[i]];
        for (var f = 0; f < TextScratch.DenseCount; f++) sum += (double)weights.Standardise(f, matrix.Dense[row][f]) * head.Dense[f];
        return sum;
    }

    private static double Checksum(FeatureMatrix matrix, int row)
    {
        double sum = 0;
        var columns = matrix.Columns(row);
        var values = matrix.Values(row);
        for (var i = 0; i < columns.Length; i++) sum += (double)(columns[i] + 1) / (TextScratch.Blocks * TextScratch.Buckets) * values[i];
        return sum;
    }
}
