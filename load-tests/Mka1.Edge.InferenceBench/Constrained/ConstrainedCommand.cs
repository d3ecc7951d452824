using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Mka1.Edge.Inference.Constraints;
using Mka1.Edge.InferenceBench.Models;

namespace Mka1.Edge.InferenceBench.Constrained;

/// <summary><c>constrained</c>: decoding under a JSON Schema against free decoding, on the demo model and on large vocabularies, in rounds that take turns.</summary>
internal static class ConstrainedCommand
{
    // Too long to end within a run: each item has a string, a pattern, a bounded number and an enum.
    private const string Schema = """
        {"type":"array","minItems":200,"items":{"type":"object","additionalProperties":false,"required":["title","code","price","kind","tags"],"properties":{
          "title":{"type":"string","minLength":1,"maxLength":80},"code":{"type":"string","pattern":"^[A-Z]{2}-\\d{4}$"},
          "price":{"type":"number","minimum":0,"maximum":1000},"kind":{"enum":["book","music","film"]},
          "tags":{"type":"array","items":{"type":"string","maxLength":20},"maxItems":5}}}}
        """;

    private const int WarmUp = 4;

    private const int ShortAnswer = 32;

    private static readonly int[] Vocabularies = [32_000, 128_000];

    public static Command Create()
    {
        var work = new Option<string>("--work") { Description = "Where the models with large vocabularies are made; they take 600 MB and stay for the next run.", Required = true };
        var demo = new Option<string>("--demo") { Description = "The trained model, whose tokenizer the others grow from.", DefaultValueFactory = _ => "backends/models/mka1-mini-dense" };
        var rounds = new Option<int>("--rounds") { Description = "Rounds; medians are told.", DefaultValueFactory = _ => 7 };
        var tokens = new Option<int>("--tokens") { Description = "Tokens a run decodes.", DefaultValueFactory = _ => 128 };
        var threads = new Option<int>("--threads") { Description = "Threads of the engine.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var command = new Command("constrained", "Decoding under a JSON Schema against free decoding.") { work, demo, rounds, tokens, threads };
        command.SetAction(async (arguments, token) =>
        {
            var output = arguments.InvocationConfiguration.Output;
            var (small, count, times) = (arguments.GetRequiredValue(demo), arguments.GetValue(tokens), arguments.GetValue(rounds));
            await MeasureAsync("demo model", small, arguments.GetValue(threads), count, times, output, token);
            foreach (var vocabulary in Vocabularies)
            {
                var directory = Path.Combine(arguments.GetRequiredValue(work), $"vocabulary-{vocabulary}");
                if (!File.Exists(Path.Combine(directory, "model.safetensors")))
                {
                    ModelDirectory.Write(new RandomModel { Hidden = 512, Intermediate = 1376, Layers = 8, Heads = 8, Vocabulary = vocabulary }, directory, small);
                    SyntheticVocabulary.Grow(directory, vocabulary);
                }
                await MeasureAsync($"{vocabulary} tokens, random weights", directory, arguments.GetValue(threads), count, times, output, token);
            }
        });
        return command;
    }

    private static async Task MeasureAsync(string name, string directory, int threads, int tokens, int rounds, TextWriter output, CancellationToken cancellation)
    {
        await using var stream = new SingleStream(directory, threads);
        using var schema = JsonDocument.Parse(Schema);
        var grammar = JsonGrammar.FromSchema(schema.RootElement);

        // Seeds differ between rounds: no run writes the same text. The first rounds warm up code and masks, which a server keeps
        // from request to request. Processor time is told beside the clock's,
        // which on a busy machine measures the others.
        var (clock, processor, speeds) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = -WarmUp; round < rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            var start = Environment.CpuUsage.TotalTime;
            var free = await stream.RunAsync(tokens, NeverEnding.Instance, (ulong)round);
            var middle = Environment.CpuUsage.TotalTime;
            var held = await stream.RunAsync(tokens, new JsonConstraint(stream.Model.ChatTemplate.Tokens, grammar), (ulong)round);
            if (round < 0)
                continue;
            clock.Add(held / free);
            processor.Add((middle - start) / (Environment.CpuUsage.TotalTime - middle));
            speeds.Add(free);
        }
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"{name}: under a schema {Median(processor):F2} x the tokens a second of processor time ({Range(processor)}), {Median(clock):F2} x by the clock ({Range(clock)}); free: {Median(speeds):F0} tokens/s"));

        var requests = new ShortRequests(stream, schema.RootElement, ShortAnswer);
        var kept = new List<double>();
        for (var round = -1; round < rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            var ratio = await requests.RatioAsync(round);
            if (round >= 0)
                kept.Add(ratio);
        }
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"{name}: requests of {ShortAnswer} tokens with the kept grammar take {Median(kept):F2} x the processor time of those that compile it ({Range(kept)})"));
    }

    private static string Range(List<double> values) => string.Create(CultureInfo.InvariantCulture, $"{values.Min():F2} to {values.Max():F2}");

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
