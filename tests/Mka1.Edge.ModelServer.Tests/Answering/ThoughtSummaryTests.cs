using Mka1.Edge.ModelServer.Answering;
using Mka1.Edge.Responses;

namespace Mka1.Edge.ModelServer.Tests.Answering;

public sealed class ThoughtSummaryTests
{
    [Fact]
    public void A_short_thought_is_its_own_summary() => Assert.Equal("It is 3.5. So", Of("It is 3.5. So", ReasoningSummary.Concise));

    [Fact]
    public void A_long_thought_is_summarized_by_its_first_whole_sentences()
    {
        var first = "The sum is 3.5. " + new string('a', 100) + "!";

        Assert.Equal(first, Of(first + " " + new string('b', 500) + ".", ReasoningSummary.Concise));
        Assert.Equal("یہ پہلا جملہ ہے۔", Of("یہ پہلا جملہ ہے۔" + string.Concat(Enumerable.Repeat(" لفظ", 300)), ReasoningSummary.Auto));
    }

    [Fact]
    public void A_thought_without_an_end_in_reach_is_cut_between_words_or_whole_characters()
    {
        var words = Of(string.Concat(Enumerable.Repeat("word ", 500)), ReasoningSummary.Detailed);
        var smiles = Of("a" + string.Concat(Enumerable.Repeat("🙂", 500)), ReasoningSummary.Concise);

        Assert.EndsWith("word…", words, StringComparison.Ordinal);
        Assert.InRange(words.Length, 900, 960);
        Assert.InRange(smiles.Length, 150, 160);
        Assert.True(char.IsLowSurrogate(smiles[^2]));
    }

    [Fact]
    public void Detailed_says_more_than_auto_and_auto_more_than_concise()
    {
        var thought = string.Concat(Enumerable.Repeat("One more step. ", 200));

        Assert.True(Of(thought, ReasoningSummary.Detailed).Length > Of(thought, ReasoningSummary.Auto).Length);
        Assert.True(Of(thought, ReasoningSummary.Auto).Length > Of(thought, ReasoningSummary.Concise).Length);
    }

    private static string Of(string thought, ReasoningSummary size)
    {
        var summary = new ThoughtSummary(size);
        for (var at = 0; at < thought.Length; at += 7)
            summary.Append(thought.AsSpan(at, Math.Min(7, thought.Length - at)));
        return summary.ToString();
    }
}
