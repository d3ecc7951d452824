using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Mka1.Edge.Inference.Engine;
using Mka1.Edge.Inference.Models;

namespace Mka1.Edge.ModelServer.Commands;

/// <summary><c>evaluate</c>: scores a model on cases with known answers, by the engine that serves it, and compares it with another one case by case.</summary>
internal static class EvaluateCommand
{
    private const int AtOnce = 8;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "The model's directory.", Required = true };
        var against = new Option<string?>("--against") { Description = "A second model's directory: says what each alone gets right, with the p-value of McNemar's exact test." };
        var cases = new Option<FileInfo>("--cases") { Description = "JSON lines: kind, instructions?, tools?, input, expected, match (exact, prefix or tool_call).", Required = true };
        var output = new Option<string?>("--output") { Description = "Also write the counts as JSON into this file." };
        var floats = new Option<bool>("--float-activations") { Description = "Do not round activations of a quantized model." };
        var command = new Command("evaluate", "Answers every case greedily and counts what is right, by kind.") { model, against, cases, output, floats };
        command.SetAction(async (arguments, token) =>
        {
            List<EvaluationCase> asked = [.. EvaluationCase.Read(arguments.GetRequiredValue(cases))];
            var options = new ModelLoadOptions { FloatActivations = arguments.GetValue(floats) };
            var right = await AnswerAsync(arguments.GetRequiredValue(model), options, asked, token);
            (string, bool[])? other = arguments.GetValue(against) is { } second ? (Name(second), await AnswerAsync(second, options, asked, token)) : null;
            var result = EvaluationResult.Of(asked, right, other);

            var writer = arguments.InvocationConfiguration.Output;
            foreach (var (kind, score) in result.Heldout)
                await writer.WriteLineAsync(Line(kind, score, result.Against?.Heldout[kind], result.Against?.Compared[kind]));
            await writer.WriteLineAsync(Line("overall", result.Overall, result.Against?.Overall, result.Against?.ComparedOverall));
            if (arguments.GetValue(output) is { } path)
                await File.WriteAllTextAsync(path, JsonSerializer.Serialize(result, Indented) + "\n", token);
        });
        return command;
    }

    private static async Task<bool[]> AnswerAsync(string directory, ModelLoadOptions options, List<EvaluationCase> cases, CancellationToken token)
    {
        var model = LanguageModel.Load(directory, options);
        await using var engine = new InferenceEngine(model, new InferenceEngineOptions { MaxConcurrentRequests = AtOnce, MaxQueuedRequests = AtOnce });
        var right = new bool[cases.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, cases.Count),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = token },
            async (i, stop) => right[i] = await cases[i].IsAnsweredBy(model, engine, stop));
        return right;
    }

    private static string Name(string directory) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)));

    private static string Line(string kind, EvaluationScore score, EvaluationScore? against, PairedComparison? compared)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{kind,-24} {score.Correct,5} / {score.Count,-5} {100.0 * score.Correct / score.Count,5:F1} %");
        return against is null || compared is null
            ? line
            : string.Create(CultureInfo.InvariantCulture, $"{line}   against {against.Correct,5}: alone right {compared.OnlyThis,4} and {compared.OnlyAgainst,4}, p = {compared.PValue:G2}");
    }
}
