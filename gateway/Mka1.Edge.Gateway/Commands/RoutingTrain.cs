using System.CommandLine;
using System.Security.Cryptography;
using Mka1.Edge.Policies.Routing.Training;

namespace Mka1.Edge.Gateway.Commands;

/// <summary><c>routing train</c>: makes the weights file, and shows how good it is.</summary>
internal static class RoutingTrain
{
    private static readonly string[] TierModels = ["mistral-7b-instruct-v0.3", "llama-3.1-8b-instruct", "llama-3.1-nemotron-51b-instruct"];

    private static readonly Dictionary<string, string> Licences = new(StringComparer.Ordinal)
    {
        ["mmlu"] = "RouteLLM evaluation data, Apache-2.0 (MMLU: MIT)",
        ["gsm8k"] = "RouteLLM evaluation data, Apache-2.0 (GSM8K: MIT)",
        ["mt_bench"] = "RouteLLM evaluation data, Apache-2.0",
        ["fusion"] = "LLMRouter, MIT",
    };

    public static Command Create()
    {
        var data = new Option<DirectoryInfo>("--data") { Description = "A folder of .jsonl and .jsonl.gz with measured prompts.", Required = true };
        var examples = new Option<FileInfo?>("--examples") { Description = "One more such file, of one's own." };
        var to = new Option<FileInfo>("--out") { Description = "The weights file to write.", Required = true };
        var plots = new Option<DirectoryInfo?>("--plots") { Description = "Where to draw the calibration and the learning curve." };
        var golden = new Option<FileInfo?>("--golden") { Description = "A file of prompts whose features and scores are written anew." };
        var tiers = new Option<string[]>("--tier-models")
        {
            Description = "Names under 'scores' that stand for quantized, moe and dense.",
            Arity = new ArgumentArity(3, 3),
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => TierModels,
        };
        var command = new Command("train", "Trains the weights: five-fold cross-validation, benchmarks left out, learning curve, calibration.") { data, examples, to, plots, golden, tiers };
        command.SetAction(parsed => RoutingCommand.GuardAsync(async () =>
        {
            FileInfo[] files = [.. parsed.GetRequiredValue(data).GetFiles("*.jsonl*").OrderBy(f => f.Name, StringComparer.Ordinal)];
            if (parsed.GetValue(examples) is { } own) files = [.. files, own];
            if (files.Length == 0) throw new InvalidDataException($"{parsed.GetRequiredValue(data)} holds no .jsonl file.");
            await RunAsync(files, parsed.GetRequiredValue(tiers), parsed.GetRequiredValue(to), parsed.GetValue(plots), parsed.GetValue(golden));
        }));
        return command;
    }

    private static async Task RunAsync(FileInfo[] files, string[] tierModels, FileInfo to, DirectoryInfo? plots, FileInfo? golden)
    {
        var rows = new List<TrainingRow>();
        var sets = new List<TrainingSet>();
        foreach (var file in files)
        {
            var before = rows.Count;
            rows.AddRange(JsonLines.Read(file, line => MeasuredPrompt.Read(line, tierModels)));
            sets.Add(new TrainingSet(file.Name, rows.Count - before, await ChecksumAsync(file), Licence(rows[^1])));
        }

        var (weights, report) = new RoutingTrainer(rows, new TrainingSettings()).Train(sets, tierModels, Console.WriteLine);
        await File.WriteAllBytesAsync(to.FullName, weights);
        await Console.Out.WriteAsync(TrainingTables.Of(report));
        if (plots is not null) TrainingPlots.Write(plots, report);
        if (golden is not null) await File.WriteAllBytesAsync(golden.FullName, GoldenFile.Write(GoldenFile.Prompts(await File.ReadAllBytesAsync(golden.FullName)), weights));
        Console.WriteLine($"{to}: {weights.Length} bytes");
    }

    private static async Task<string> ChecksumAsync(FileInfo file)
    {
        await using var stream = file.OpenRead();
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream));
    }

    private static string Licence(TrainingRow row) => Licences.GetValueOrDefault(row.Benchmark, "the project's own");
}
