using System.Diagnostics;
using System.Text.Json;
using Mka1.Edge.Policies.Routing;

namespace Mka1.Edge.LoadTests.Routing;

/// <summary>Times each decision of auto_routing over prompts of at most 2,000 characters: BenchmarkDotNet gives means, this the slow ones too.</summary>
internal static class ClassifierBenchmark
{
    private const int MaxLength = 2000;
    private const int Copies = 20;

    /// <param name="options">How many rounds; <see cref="LoadOptions.Prompts"/> names a file of <c>{"prompt":…}</c> lines.</param>
    /// <param name="output">Where the figures go.</param>
    public static async Task RunAsync(LoadOptions options, TextWriter output)
    {
        var facts = Read(options.Prompts).Where(prompt => prompt.Length <= MaxLength).Select(prompt => ComplexityFacts.None with { Prompt = prompt }).ToArray();
        var classifier = ComplexityClassifier.BuiltIn;
        var sum = 0.0;
        Array.ForEach(facts, fact => sum += classifier.Score(fact, TierThresholds.Standard, explain: false).Score);
        await output.WriteLineAsync($"{facts.Length} prompts, {facts.Average(fact => fact.Prompt.Length):F0} characters on average");
        for (var round = 1; round <= options.Rounds; round++)
        {
            var times = new double[facts.Length];
            var processor = Process.GetCurrentProcess().TotalProcessorTime;
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < facts.Length; i++)
            {
                var begun = Stopwatch.GetTimestamp();
                sum += classifier.Score(facts[i], TierThresholds.Standard, explain: false).Score;
                times[i] = Stopwatch.GetElapsedTime(begun).TotalMicroseconds;
            }

            var bytes = (GC.GetAllocatedBytesForCurrentThread() - allocated) / facts.Length;
            var used = (Process.GetCurrentProcess().TotalProcessorTime - processor).TotalMicroseconds / facts.Length;
            Array.Sort(times);
            await output.WriteLineAsync(
                $"round {round}: mean {times.Average():F1} µs, p50 {times[times.Length / 2]:F1}, p99 {times[(int)(times.Length * 0.99)]:F1}, longest {times[^1]:F0}; {used:F1} µs of processor and {bytes} bytes a decision");
        }

        GC.KeepAlive(sum);
    }

    /// <summary>Without a file: sentences of three languages, in lengths up to the longest.</summary>
    private static IEnumerable<string> Read(string? file)
    {
        if (file is not null) return File.ReadLines(file).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("prompt").GetString()!);
        string[] texts =
        [
            "The queue of the payment service grew for 40 minutes while workers restarted; which of the changes made it worse, and why? ",
            "ادائیگی کے نظام میں قطار چالیس منٹ تک بڑھتی رہی جب کہ سرور بار بار بند ہوتے رہے؛ کون سی تبدیلی نے اسے خراب کیا؟ ",
            "A fila do serviço de pagamentos cresceu por 40 minutos enquanto os processos reiniciavam; qual das mudanças piorou isso? ",
            "def f(xs): return sorted(set(x ** 2 for x in xs if x % 3))  # prove that it terminates, and give its complexity in n ",
        ];
        return from length in Enumerable.Range(1, 100)
               from text in texts
               from copy in Enumerable.Range(0, Copies)
               select string.Concat(Enumerable.Repeat(text, (length * 20 / text.Length) + 2)).Substring(copy, length * 20);
    }
}
