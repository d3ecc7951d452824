using Mka1.Edge.Policies.Safety;

namespace Mka1.Edge.Policies.Tests.Safety;

/// <summary>Promise: a rule finds what it names and nothing else, and no text makes it slow.</summary>
public sealed class SafetyRuleTests
{
    private const int Megabyte = 1 << 20;

    [Theory]
    [InlineData("make a pipe bomb now", true)]
    [InlineData("PIPE BOMB", true)]
    [InlineData("pipe bombs", false)]
    [InlineData("a pipe bombardment, then a pipe bomb", true)]
    [InlineData("wipe bomb", false)]
    [InlineData("xpipe bomb", false)]
    [InlineData("pipe bomb_", false)]
    [InlineData("ricin", true)]
    [InlineData("ricine and aricin", false)]
    [InlineData("زہر بنانا", true)]
    [InlineData("", false)]
    public void Whole_words_are_found_in_any_case(string text, bool found) =>
        Assert.Equal(found, new TermSet(["pipe bomb", "ricin", "زہر"], ignoreCase: true, wholeWords: true).FoundIn(text));

    [Fact]
    public void A_longer_term_counts_where_a_shorter_one_is_no_word()
    {
        var terms = new TermSet(["bomb", "bombard"], ignoreCase: true, wholeWords: true);
        Assert.True(terms.FoundIn("to bombard it"));
        Assert.False(terms.FoundIn("to bombards it"));
    }

    [Fact]
    public void Parts_of_words_are_found_where_that_is_wanted_and_case_counts_where_it_should()
    {
        Assert.True(new TermSet(["ricin"], ignoreCase: false, wholeWords: false).FoundIn("aricine"));
        Assert.False(new TermSet(["ricin"], ignoreCase: false, wholeWords: false).FoundIn("RICIN"));
    }

    [Fact]
    public void Terms_are_found_where_a_plain_search_finds_them()
    {
        var random = new Random(11);
        for (var round = 0; round < 2000; round++)
        {
            var terms = Enumerable.Range(0, random.Next(1, 6)).Select(_ => Word(random, 1, 4)).Distinct().ToArray();
            var text = string.Concat(Enumerable.Range(0, 8).Select(_ => Word(random, 0, 5) + (random.Next(2) == 0 ? " " : "")));
            var words = text.Split(' ');
            Assert.Equal(terms.Any(words.Contains), new TermSet(terms, ignoreCase: false, wholeWords: true).FoundIn(text));
            Assert.Equal(terms.Any(text.Contains), new TermSet(terms, ignoreCase: false, wholeWords: false).FoundIn(text));
        }

        static string Word(Random random, int least, int most) => new([.. Enumerable.Range(0, random.Next(least, most)).Select(_ => (char)('a' + random.Next(3)))]);
    }

    [Theory]
    [InlineData("(a+)+$")]
    [InlineData("(a|aa)+$")]
    [InlineData("(.*a){12}b")]
    public void No_megabyte_of_text_makes_an_expression_slow(string pattern)
    {
        // Backtracking would need longer than the test run on any of these.
        var rule = new SafetyRule("r", 1, SafetyRuleAction.Score, SafetyRule.Compile(pattern, ignoreCase: true), null);
        Assert.False(rule.FoundIn(new string('a', Megabyte) + "!"));
    }

    [Fact]
    public void No_megabyte_of_text_makes_terms_slow()
    {
        var terms = new TermSet([.. Enumerable.Range(1, 60).Select(n => new string('a', n) + "b")], ignoreCase: true, wholeWords: true);
        Assert.False(terms.FoundIn(new string('a', Megabyte)));
        Assert.False(terms.FoundIn(string.Concat(Enumerable.Repeat("aab", Megabyte / 3))));
        Assert.False(terms.FoundIn(string.Concat(Enumerable.Repeat(" abb", Megabyte / 4))));
        Assert.True(terms.FoundIn(new string('c', Megabyte) + " aaab"));
    }

    [Theory]
    [InlineData("(a")]
    [InlineData("[z-a]")]
    public void What_is_no_expression_is_refused(string pattern) => Assert.ThrowsAny<ArgumentException>(() => SafetyRule.Compile(pattern, false));

    [Theory]
    [InlineData("(a)\\1")]
    [InlineData("(?=a)b")]
    public void An_expression_that_cannot_be_matched_in_linear_time_is_refused(string pattern) =>
        Assert.Throws<NotSupportedException>(() => SafetyRule.Compile(pattern, false));

    [Fact]
    public void A_set_tells_which_rules_found_something()
    {
        var rules = new SafetyRuleSet(
            [.. "abc".Select(c => new SafetyRule(c.ToString(), 1, SafetyRuleAction.Score, SafetyRule.Compile($"{c}{c}", false), null))], 100);
        Assert.Equal(["a", "c"], rules.Of(rules.FindIn("aa b cc")).Select(rule => rule.Id));
        Assert.Empty(rules.Of(rules.FindIn("")));
    }
}
