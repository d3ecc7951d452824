using System.CommandLine;
using System.Text.Json;
using Mka1.Edge.Policies.Routing;
using Mka1.Edge.Policies.Routing.Learned;

namespace Mka1.Edge.Gateway.Commands;

/// <summary><c>routing score</c>: a file of prompts through the very classifier that serves requests.</summary>
internal static class RoutingScore
{
    public static Command Create()
    {
        var from = new Option<FileInfo>("--in") { Description = "JSON lines {\"id\", \"prompt\"}; .gz is read too.", Required = true };
        var to = new Option<FileInfo>("--out") { Description = "JSON lines {\"id\", \"score\", \"tier\"} are written here.", Required = true };
        var weights = RoutingCommand.WeightsOption();
        var command = new Command("score", "Scores prompts: the probability that only a strong model gets them right, and the tier.") { from, to, weights };
        command.SetAction(parsed => RoutingCommand.GuardAsync(() =>
            RunAsync(parsed.GetRequiredValue(from), parsed.GetRequiredValue(to), ReadClassifier(parsed.GetValue(weights)))));
        return command;
    }

    /// <summary>A classifier with the weights of a file, or with those of this release.</summary>
    public static ComplexityClassifier ReadClassifier(FileInfo? weights) => weights is null
        ? ComplexityClassifier.BuiltIn
        : new ComplexityClassifier(RoutingWeights.Parse(File.ReadAllBytes(weights.FullName)));

    private static async Task RunAsync(FileInfo from, FileInfo to, ComplexityClassifier classifier)
    {
        await using var stream = to.Create();
        foreach (var (id, prompt) in JsonLines.Read(from, line => (JsonLines.Text(line, "id"), JsonLines.Text(line, "prompt"))))
        {
            var score = classifier.Score(ComplexityFacts.None with { Prompt = prompt }, explain: false);
            await using (var json = new Utf8JsonWriter(stream))
            {
                json.WriteStartObject();
                json.WriteString("id"u8, id);
                json.WriteNumber("score"u8, score.Probability);
                json.WriteString("tier"u8, score.DesiredTier.Name());
                json.WriteEndObject();
            }

            stream.WriteByte((byte)'\n');
        }
    }
}
