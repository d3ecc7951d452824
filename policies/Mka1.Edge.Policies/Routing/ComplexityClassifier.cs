using System.Text.RegularExpressions;

namespace Mka1.Edge.Policies.Routing;

/// <summary>
/// Scores a request by eight signals. The weights are the one set that reproduces the published scores of MKA1's own
/// validation matrix (contract: auto_routing); no signal at all means the middle tier.
/// </summary>
public static partial class ComplexityClassifier
{
    private const int ShortPrompt = 200;
    private const int LongPrompt = 600;
    private const int LargeOutput = 1024;
    private const int QuantizedAtMost = -1;
    private const int DenseAtLeast = 4;

    private static readonly HashSet<string> HighAgencyTools =
        ["code_interpreter", "computer_use_preview", "computer", "shell", "local_shell", "mcp"];

    public static ComplexityScore Score(ComplexityFacts facts)
    {
        var score = 0;
        var reasons = new List<string>(4);
        void Add(bool applies, int weight, string reason)
        {
            if (!applies) return;
            score += weight;
            reasons.Add(reason);
        }

        Add(facts.StructuredOutput, 1, "structured output requested");
        Add(facts.MaxOutputTokens >= LargeOutput, 2, "large max_output_tokens");
        Add(facts.ToolTypes.Any(HighAgencyTools.Contains), 3, "high-agency tools enabled");
        Add(facts.ToolRequired, 2, "tool use required");
        Add(facts.Prompt.Length >= LongPrompt, 2, "long prompt");

        // A forced tool says more than the length of the sentence that goes with it.
        Add(facts.Prompt.Length is > 0 and < ShortPrompt && !facts.ToolRequired, -1, "short prompt");

        var complex = ComplexMarkers().IsMatch(facts.Prompt);
        Add(complex, 2, "complex reasoning markers in prompt");
        Add(!complex && SimpleTransform().IsMatch(facts.Prompt), -2, "simple transform task");

        var tier = score <= QuantizedAtMost ? Tier.Quantized : score >= DenseAtLeast ? Tier.Dense : Tier.Moe;
        return new ComplexityScore(score, tier, reasons);
    }

    [GeneratedRegex(
        @"\b(analy[sz]e|analysis|compare|trade-?offs?|step[- ]by[- ]step|root cause|prove|derive|design|architecture|incident|mitigation|strategy|evaluate|diagnos\w+|plan)\b"
        + @"|\b(analis[ea]r?|análise|compare|comparar|passo a passo|causa raiz|incidente|estratégia|avali[ea]r?|projet[ea]r?|plano)\b"
        + @"|تجزیہ|موازنہ|مرحلہ وار|حکمت عملی|منصوبہ|ثابت کریں|وجوہات",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex ComplexMarkers();

    [GeneratedRegex(
        @"\b(summari[sz]e|translate|rewrite|rephrase|shorten|extract|uppercase|lowercase|fix the (grammar|spelling)|in one (sentence|word))\b"
        + @"|\b(resum[ae]r?|traduz(a|ir)|reescrev[ae]r?|encurt[ea]r?|extrai(a|r)|em uma (frase|palavra))\b"
        + @"|خلاصہ|ترجمہ|مختصر کریں|ایک جملے میں|ایک لفظ میں",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex SimpleTransform();
}
