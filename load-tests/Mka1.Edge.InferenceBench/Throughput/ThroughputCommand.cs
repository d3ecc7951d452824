using System.CommandLine;
using System.Globalization;
using Mka1.Edge.InferenceBench.Models;

namespace Mka1.Edge.InferenceBench.Throughput;

/// <summary><c>throughput</c>: many streams against one, reading a prompt against decoding, and memory, in rounds of one run.</summary>
internal static class ThroughputCommand
{
    public static Command Create()
    {
        var work = new Option<string>("--work") { Description = "Where the model is made; it takes 440 MB and stays for the next run.", Required = true };
        var tokenizer = new Option<string>("--tokenizer") { Description = "A model directory whose tokenizer is used.", DefaultValueFactory = _ => "backends/models/mka1-mini-dense" };
        var rounds = new Option<int>("--rounds") { Description = "Rounds; medians are told.", DefaultValueFactory = _ => 5 };
        var tokens = new Option<int>("--tokens") { Description = "Tokens each stream decodes.", DefaultValueFactory = _ => 48 };
        var streams = new Option<int>("--streams") { Description = "Streams at once: 2 to 256.", DefaultValueFactory = _ => 16 };
        var prompt = new Option<int>("--prompt") { Description = "Tokens of the prompt that is read.", DefaultValueFactory = _ => 512 };
        var threads = new Option<int>("--threads") { Description = "Threads.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var command = new Command("throughput", "Many streams against one, prefill against decode, memory.") { work, tokenizer, rounds, tokens, streams, prompt, threads };
        command.SetAction((arguments, token) => RunAsync(
            Prepare(arguments.GetRequiredValue(work), arguments.GetRequiredValue(tokenizer)),
            new Load(arguments.GetValue(streams), arguments.GetValue(tokens), arguments.GetValue(prompt), arguments.GetValue(threads)),
            arguments.GetValue(rounds), arguments.InvocationConfiguration.Output, token));
        return command;
    }

    private static string Prepare(string work, string tokenizer)
    {
        var directory = Path.Combine(work, "throughput-fp32");
        if (!File.Exists(Path.Combine(directory, "model.safetensors")))
            ModelDirectory.Write(new RandomModel(), directory, tokenizer);
        return directory;
    }

    private static async Task RunAsync(string directory, Load load, int rounds, TextWriter output, CancellationToken token)
    {
        await using var bench = new ManyStreams(directory, load);
        await bench.StreamsAsync(load.Streams);
        var many = new List<double>();
        var prefill = new List<double>();
        for (var i = 0; i < rounds; i++)
        {
            token.ThrowIfCancellationRequested();
            var one = await bench.StreamsAsync(1);
            var together = await bench.StreamsAsync(load.Streams);
            var reading = await bench.PromptAsync();
            many.Add(together / one);
            prefill.Add(reading / one);
            await TellAsync(output, $"one stream {one:F1}, {load.Streams} streams {together:F1}, reading a prompt {reading:F1} tokens/s");
        }
        await TellAsync(output, $"{load.Streams} streams against one: {Median(many):F2} x");
        await TellAsync(output, $"prefill of {load.PromptTokens} against decode: {Median(prefill):F2} x");
        await TellAsync(output, $"resident {Environment.WorkingSet >> 20} MiB: weights {bench.WeightBytes >> 20}, key-value cache {bench.CacheBytes >> 20}, the rest {(Environment.WorkingSet - bench.WeightBytes - bench.CacheBytes) >> 20}");
    }

    private static Task TellAsync(TextWriter output, FormattableString line) => output.WriteLineAsync(line.ToString(CultureInfo.InvariantCulture));

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
