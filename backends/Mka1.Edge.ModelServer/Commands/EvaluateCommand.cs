using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Mka1.Edge.Inference.Engine;
using Mka1.Edge.Inference.Models;

namespace Mka1.Edge.ModelServer.Commands;

/// <summary><c>evaluate</c>: scores a model on cases with known answers, by the engine that serves it.</summary>
internal static class EvaluateCommand
{
    private const int AtOnce = 8;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "The model's directory.", Required = true };
        var cases = new Option<FileInfo>("--cases") { Description = "JSON lines: kind, instructions?, tools?, input, expected, match (exact, prefix or tool_call).", Required = true };
        var output = new Option<string?>("--output") { Description = "Also write the counts as JSON into this file." };
        var floats = new Option<bool>("--float-activations") { Description = "Do not round activations of a quantized model." };
        var command = new Command("evaluate", "Answers every case greedily and counts what is right, by kind.") { model, cases, output, floats };
        command.SetAction(async (arguments, token) =>
        {
            var loaded = LanguageModel.Load(arguments.GetRequiredValue(model), new ModelLoadOptions { FloatActivations = arguments.GetValue(floats) });
            var scores = await ScoreAsync(loaded, [.. EvaluationCase.Read(arguments.GetRequiredValue(cases))], token);
            var writer = arguments.InvocationConfiguration.Output;
            foreach (var (kind, score) in scores)
                await writer.WriteLineAsync(Line(kind, score));
            var overall = new EvaluationScore(scores.Values.Sum(score => score.Count), scores.Values.Sum(score => score.Correct));
            await writer.WriteLineAsync(Line("overall", overall));
            if (arguments.GetValue(output) is { } path)
                await File.WriteAllTextAsync(path, JsonSerializer.Serialize(new { Heldout = scores, Overall = overall }, Indented) + "\n", token);
        });
        return command;
    }

    private static async Task<SortedDictionary<string, EvaluationScore>> ScoreAsync(LanguageModel model, List<EvaluationCase> cases, CancellationToken token)
    {
        await using var engine = new InferenceEngine(model, new InferenceEngineOptions { MaxConcurrentRequests = AtOnce, MaxQueuedRequests = AtOnce });
        var right = new bool[cases.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, cases.Count),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = token },
            async (i, stop) => right[i] = await cases[i].IsAnsweredBy(model, engine, stop));

        var scores = new SortedDictionary<string, EvaluationScore>(StringComparer.Ordinal);
        for (var i = 0; i < cases.Count; i++)
        {
            var score = scores.GetValueOrDefault(cases[i].Kind) ?? new EvaluationScore(0, 0);
            scores[cases[i].Kind] = new EvaluationScore(score.Count + 1, score.Correct + (right[i] ? 1 : 0));
        }
        return scores;
    }

    private static string Line(string kind, EvaluationScore score) =>
        string.Create(CultureInfo.InvariantCulture, $"{kind,-24} {score.Correct,5} / {score.Count,-5} {100.0 * score.Correct / score.Count,5:F1} %");
}
