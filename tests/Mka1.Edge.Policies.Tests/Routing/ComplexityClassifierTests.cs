using Mka1.Edge.Policies.Routing;

namespace Mka1.Edge.Policies.Tests.Routing;

/// <summary>Promise: the published cases come out as published (contract.md I), in every language the family speaks.</summary>
public sealed class ComplexityClassifierTests
{
    private static readonly string LongIncident =
        "The payment service lost messages for forty minutes last night. " + string.Concat(Enumerable.Repeat("Consumers fell behind, retries doubled the load, and the queue grew. ", 9))
        + "Write an incident report: analyze the root cause and propose a mitigation strategy.";

    [Fact]
    public void Simple_summary()
    {
        var score = ComplexityClassifier.BuiltIn.Score(new("Summarize this in one sentence: the meeting moved to Friday.", false, 64, [], false));
        Assert.Equal((-3, Tier.Quantized), (score.Score, score.DesiredTier));
        Assert.Equal(["short prompt", "simple transform task"], score.Reasons);
    }

    [Fact]
    public void Structured_analysis_as_JSON()
    {
        var score = ComplexityClassifier.BuiltIn.Score(new("Compare these two plans and evaluate their risks.", true, null, [], false));
        Assert.Equal((2, Tier.Moe), (score.Score, score.DesiredTier));
        Assert.Equal(["structured output requested", "short prompt", "complex reasoning markers in prompt"], score.Reasons);
    }

    [Fact]
    public void Complex_incident_plan()
    {
        var score = ComplexityClassifier.BuiltIn.Score(new(LongIncident, false, 4096, [], false));
        Assert.Equal((6, Tier.Dense), (score.Score, score.DesiredTier));
        Assert.Equal(["large max_output_tokens", "long prompt", "complex reasoning markers in prompt"], score.Reasons);
    }

    [Fact]
    public void Forced_code_interpreter()
    {
        var score = ComplexityClassifier.BuiltIn.Score(new("Run the numbers in this table.", false, null, ["code_interpreter"], true));
        Assert.Equal((5, Tier.Dense), (score.Score, score.DesiredTier));
        Assert.Equal(["high-agency tools enabled", "tool use required"], score.Reasons);
    }

    [Theory]
    [InlineData("Traduza para o inglês: bom dia.")]
    [InlineData("Resuma em uma frase: a reunião mudou para sexta.")]
    [InlineData("اس کا خلاصہ ایک جملے میں کریں: اجلاس جمعہ کو ہوگا۔")]
    [InlineData("TRANSLATE to French: good morning")]
    public void A_short_transform_is_simple_in_every_language(string prompt)
    {
        var score = ComplexityClassifier.BuiltIn.Score(new(prompt, false, null, [], false));
        Assert.Equal((-3, Tier.Quantized), (score.Score, score.DesiredTier));
    }

    [Theory]
    [InlineData("Analise o incidente e a causa raiz, passo a passo. ")]
    [InlineData("مرحلہ وار تجزیہ کریں اور حکمت عملی بتائیں۔ ")]
    public void A_long_analysis_is_hard_in_every_language(string sentence)
    {
        var prompt = string.Concat(Enumerable.Repeat(sentence, 20));
        var score = ComplexityClassifier.BuiltIn.Score(new(prompt, false, null, [], false));
        Assert.Equal((4, Tier.Dense), (score.Score, score.DesiredTier));
    }

    [Fact]
    public void No_signal_at_all_means_the_middle_tier()
    {
        Assert.Equal(Tier.Moe, ComplexityClassifier.BuiltIn.Score(ComplexityFacts.None).DesiredTier);
        var score = ComplexityClassifier.BuiltIn.Score(new(new string('x', 300), false, null, ["function"], false));
        Assert.Equal((0, Tier.Moe), (score.Score, score.DesiredTier));
        Assert.Empty(score.Reasons);
    }

    [Theory]
    [InlineData("The airplane landed.")]
    [InlineData("He is a planet expert; his translation shop is closed.")]
    public void Parts_of_words_are_no_signals(string prompt)
    {
        var reasons = ComplexityClassifier.BuiltIn.Score(new(prompt, false, null, [], false)).Reasons;
        Assert.DoesNotContain("simple transform task", reasons);
        Assert.DoesNotContain("complex reasoning markers in prompt", reasons);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \n\t ")]
    [InlineData("\u0000\u200D")]
    public void A_text_without_a_word_is_no_signal_wherever_the_thresholds_stand(string prompt)
    {
        var score = ComplexityClassifier.BuiltIn.Score(new(prompt, false, null, [], false), new TierThresholds(2, 3));
        Assert.Equal((0, Tier.Moe), (score.Score, score.DesiredTier));
        Assert.Empty(score.Reasons);
    }

    [Fact]
    public void Each_part_of_a_request_counts_and_says_so()
    {
        var facts = new ComplexityFacts("", true, 4096, [.. Enumerable.Repeat("function", 8), "shell"], true)
        {
            Turns = 12, InstructionsLength = 5000, Effort = EffortAsked.Much, ReadsMedia = true,
        };
        var score = ComplexityClassifier.BuiltIn.Score(facts);
        Assert.Equal((14, Tier.Dense), (score.Score, score.DesiredTier));
        Assert.Equal(
            [
                "structured output requested", "large max_output_tokens", "high-agency tools enabled", "many tools to choose from", "tool use required",
                "long conversation", "long instructions", "image, file or audio to read", "high reasoning effort asked for",
            ],
            score.Reasons);
        Assert.Equal(Tier.Quantized, ComplexityClassifier.BuiltIn.Score(ComplexityFacts.None with { Effort = EffortAsked.Little }).DesiredTier);
    }

    [Fact]
    public void Explaining_changes_nothing_but_the_reasons()
    {
        foreach (var prompt in (string[])["Summarize this.", "What is the boiling point of water at sea level?", LongIncident, ""])
        {
            var facts = ComplexityFacts.None with { Prompt = prompt };
            var plain = ComplexityClassifier.BuiltIn.Score(facts, explain: false);
            Assert.Equal(ComplexityClassifier.BuiltIn.Score(facts) with { Contributions = plain.Contributions }, plain);
            Assert.Empty(plain.Contributions);
        }
    }

    [Fact]
    public void A_prompt_of_megabytes_is_judged_by_its_ends()
    {
        var prompt = "Analyze this log. " + new string('a', 4_000_000) + " plan";
        Assert.Equal(4, ComplexityClassifier.BuiltIn.Score(new(prompt, false, null, [], false)).Score);
    }
}
