using Mka1.Edge.Policies.Routing;

namespace Mka1.Edge.Policies.Tests.Routing;

/// <summary>Promise: a decision that nobody wants explained allocates nothing, whatever the text.</summary>
public sealed class AllocatesNothingTests
{
    [Theory]
    [InlineData("What is the capital of Pakistan?", 1)]
    [InlineData("Prove that the sum of two even numbers is even; explain each step. ", 30)]
    [InlineData("اس واقعے کا مرحلہ وار تجزیہ کریں اور وجوہات بتائیں۔ ", 400)]
    [InlineData("Summarize this: ", 1)]
    public void Score_without_reasons(string text, int times)
    {
        var facts = new ComplexityFacts(string.Concat(Enumerable.Repeat(text, times)), true, 2048, ["function", "web_search"], false);
        var classifier = ComplexityClassifier.BuiltIn;
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 100; i++) classifier.Score(facts, TierThresholds.Standard, explain: false);
        }));
    }

    [Fact]
    public void Taking_a_level_into_the_window()
    {
        var window = new TierWindow(new TierShares(0.4, 0.35, 0.25), 512);
        void AddMany()
        {
            for (var i = 0; i < 2000; i++) window.Add(i % 7);
        }

        Assert.Equal(0, Allocations.Least(AddMany));
    }
}
