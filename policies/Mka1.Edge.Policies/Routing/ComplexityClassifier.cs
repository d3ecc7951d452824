using System.Globalization;
using Mka1.Edge.Policies.Routing.Learned;
using Mka1.Edge.Policies.Routing.Text;

namespace Mka1.Edge.Policies.Routing;

/// <summary>
/// Scores a request on one scale, in points. What is asked for beside the text counts by fixed points; these and the points of
/// the text rules are the one set that reproduces the published scores of MKA1's own validation matrix (contract: auto_routing).
/// A text that names its task (summarize, analyze) counts by rules, which hold in every language; any other text in the language
/// the weights were learnt in counts by them. No signal at all means the middle tier. Allocates only to explain.
/// </summary>
public sealed class ComplexityClassifier(RoutingWeights weights)
{
    private const int ShortPrompt = 200;
    private const int LongPrompt = 600;
    private const int LargeOutput = 1024;
    private const int ManyTools = 8;
    private const int ManyTurns = 10;
    private const int LongInstructions = 4000;

    /// <summary>Fewer words than these say too little to be scored by what was learnt from questions.</summary>
    private const int FewWords = 4;

    private static readonly string[] HighAgencyTools = ["code_interpreter", "computer_use_preview", "computer", "shell", "local_shell", "mcp"];
    private static readonly Lazy<ComplexityClassifier> OfThisRelease = new(() => new ComplexityClassifier(RoutingWeights.BuiltIn));

    private readonly LearnedScorer _scorer = new(weights);

    /// <summary>With the weights that came with this release.</summary>
    public static ComplexityClassifier BuiltIn => OfThisRelease.Value;

    /// <summary>Name of the weights in use.</summary>
    public string Version => weights.Version;

    /// <summary>Scores a request.</summary>
    /// <param name="facts">What to look at.</param>
    /// <param name="thresholds">Where the tiers begin; the standard ones when null.</param>
    /// <param name="explain">Whether to say why.</param>
    public ComplexityScore Score(ComplexityFacts facts, TierThresholds? thresholds = null, bool explain = true)
    {
        var sum = new SignalSum(explain);
        AddRequest(facts, ref sum);
        var probability = AddText(facts, ref sum);

        // Nothing known is no reason to take the weakest model, wherever the thresholds have moved.
        var tier = sum.Any ? (thresholds ?? TierThresholds.Standard).TierOf(sum.Level) : Tier.Moe;
        return new ComplexityScore(sum.Level, tier, probability, sum.Contributions);
    }

    private static void AddRequest(ComplexityFacts facts, ref SignalSum sum)
    {
        sum.Add(facts.StructuredOutput, 1, "structured output requested");
        sum.Add(facts.MaxOutputTokens >= LargeOutput, 2, "large max_output_tokens");
        sum.Add(HasHighAgencyTool(facts.ToolTypes), 3, "high-agency tools enabled");
        sum.Add(facts.ToolTypes.Count >= ManyTools, 1, "many tools to choose from");
        sum.Add(facts.ToolRequired, 2, "tool use required");
        sum.Add(facts.Turns >= ManyTurns, 1, "long conversation");
        sum.Add(facts.InstructionsLength >= LongInstructions, 1, "long instructions");
        sum.Add(facts.ReadsMedia, 1, "image, file or audio to read");
        sum.Add(facts.Effort == EffortAsked.Much, 2, "high reasoning effort asked for");
        sum.Add(facts.Effort == EffortAsked.Little, -1, "little reasoning effort asked for");
    }

    private double AddText(ComplexityFacts facts, ref SignalSum sum)
    {
        var learned = _scorer.Score(facts.Prompt);
        var traits = learned.Traits;
        if (traits.Words == 0) return learned.Probability;
        if (SpeaksByWeights(facts, traits)) sum.Add(true, learned.Level, sum.Explains ? InWords(learned) : "");
        else AddRules(facts, traits, ref sum);
        return learned.Probability;
    }

    /// <summary>A question with its answers to choose from is of the kind the weights know, whatever words occur in it.</summary>
    private static bool SpeaksByWeights(ComplexityFacts facts, TextTraits traits) =>
        traits.Familiar && traits.Words >= FewWords && !facts.ToolRequired
        && (traits.Choices || !traits.Has(WordClasses.Simple | WordClasses.Hard));

    private static void AddRules(ComplexityFacts facts, TextTraits traits, ref SignalSum sum)
    {
        sum.Add(traits.Length >= LongPrompt, 2, "long prompt");

        // A forced tool says more than the length of the sentence that goes with it.
        sum.Add(traits.Length < ShortPrompt && !facts.ToolRequired, -1, "short prompt");

        var hard = traits.Has(WordClasses.Hard);
        sum.Add(hard, 2, "complex reasoning markers in prompt");
        sum.Add(!hard && traits.Has(WordClasses.Simple), -2, "simple transform task");
        sum.Add(!hard && !traits.Has(WordClasses.Simple) && !traits.Familiar && traits.Computes, 1, "code or calculation asked for");
    }

    private static string InWords(LearnedScore learned)
    {
        var kind = TierThresholds.Standard.TierOf(learned.Level) switch
        {
            Tier.Quantized => "easy",
            Tier.Moe => "middling",
            _ => "hard",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{kind} text by learned weights ({learned.Probability:0.00} that only a strong model succeeds)");
    }

    private static bool HasHighAgencyTool(IReadOnlyList<string> types)
    {
        for (var i = 0; i < types.Count; i++)
        {
            if (Array.IndexOf(HighAgencyTools, types[i]) >= 0) return true;
        }

        return false;
    }
}
