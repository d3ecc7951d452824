using System.Text.Json;
using Mka1.Edge.Policies.Routing;
using Mka1.Edge.Policies.Routing.Learned;
using Mka1.Edge.Policies.Routing.Text;
using Mka1.Edge.Policies.Routing.Training;

namespace Mka1.Edge.Policies.Tests.Routing;

/// <summary>Promise: what serves requests scores as the trainer does; a change of a hash or of a feature does not go unnoticed (tests/golden/routing.json).</summary>
public sealed class AgreesWithItsTrainerTests
{
    private const double Near = 1e-5;

    [Fact]
    public void Features_and_scores_are_those_of_the_golden_file()
    {
        var golden = JsonSerializer.Deserialize(File.ReadAllBytes(Golden), ProvenanceJson.Default.GoldenRowArray)!;
        Assert.True(golden.Length >= 20);
        var scorer = new LearnedScorer(RoutingWeights.BuiltIn);
        foreach (var row in golden)
        {
            var score = scorer.Score(row.Prompt);
            Assert.Equal(row.Score, score.Probability, Near);
            Assert.Equal(row.Gain, score.Gain, Near);
            Assert.Equal(row.Tier, ComplexityClassifier.BuiltIn.Score(ComplexityFacts.None with { Prompt = row.Prompt }).DesiredTier.Name());

            var (dense, buckets, hashed) = Features(row.Prompt);
            Assert.Equal(row.Buckets, buckets);
            Assert.Equal(row.Hashed, hashed, Near);
            for (var i = 0; i < dense.Length; i++) Assert.Equal(row.Dense[i], dense[i], Near);
        }
    }

    [Fact]
    public void Scores_differ_from_prompt_to_prompt()
    {
        var golden = JsonSerializer.Deserialize(File.ReadAllBytes(Golden), ProvenanceJson.Default.GoldenRowArray)!;
        Assert.Equal(golden.Length, golden.Select(row => row.Score).Distinct().Count());
        Assert.All(golden, row => Assert.InRange(row.Score, 0.01, 0.9));
    }

    private static string Golden => Path.Combine(AppContext.BaseDirectory, "golden", "routing.json");

    /// <summary>As the trainer reads them, but from the scratch memory.</summary>
    private static (float[] Dense, int Buckets, double Hashed) Features(string prompt)
    {
        var scratch = TextScratch.Current;
        FeatureReader.Read(prompt, scratch);
        var (count, sum) = (0, 0.0);
        foreach (var buckets in new[] { scratch.WordBuckets[..scratch.WordBucketCount], scratch.GramBuckets[..scratch.GramBucketCount] })
        {
            var values = new List<(int Bucket, double Value)>();
            foreach (var bucket in buckets)
            {
                var counted = (int)scratch.Counts[bucket];
                scratch.Counts[bucket] = 0;
                if (counted != 0) values.Add((bucket, Math.Sign(counted) * Math.Log(1 + Math.Abs(counted))));
            }

            var norm = Math.Sqrt(values.Sum(v => v.Value * v.Value));
            count += values.Count;
            sum += values.Sum(v => (v.Bucket + 1.0) / (TextScratch.Blocks * TextScratch.Buckets) * v.Value / norm);
        }

        return ([.. scratch.Dense], count, sum);
    }
}
