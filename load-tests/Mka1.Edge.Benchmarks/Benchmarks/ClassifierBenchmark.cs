using BenchmarkDotNet.Attributes;
using Mka1.Edge.Policies.Routing;

namespace Mka1.Edge.Benchmarks;

/// <summary>What it takes auto_routing to judge a request, without reasons.</summary>
[MemoryDiagnoser]
public class ClassifierBenchmark
{
    private const string English = "The queue of the payment service grew for 40 minutes while workers restarted; which of the changes made it worse, and why? ";
    private const string Urdu = "ادائیگی کے نظام میں قطار چالیس منٹ تک بڑھتی رہی جب کہ سرور بار بار بند ہوتے رہے؛ کون سی تبدیلی نے اسے خراب کیا؟ ";

    private ComplexityFacts _facts = ComplexityFacts.None;

    /// <summary>Characters of the prompt.</summary>
    [Params(200, 2000, 20_000)]
    public int Length { get; set; }

    /// <summary>Its language.</summary>
    [Params("English", "Urdu")]
    public string Language { get; set; } = "English";

    [GlobalSetup]
    public void Setup()
    {
        var text = Language == "English" ? English : Urdu;
        _facts = ComplexityFacts.None with { Prompt = string.Concat(Enumerable.Repeat(text, (Length / text.Length) + 1))[..Length] };
    }

    [Benchmark]
    public ComplexityScore Score() => ComplexityClassifier.BuiltIn.Score(_facts, TierThresholds.Standard, explain: false);
}
