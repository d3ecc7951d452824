using System.Text.Json;
using Mka1.Edge.Inference.Constraints;

namespace Mka1.Edge.Inference.Tests.Constraints;

/// <summary>Promise: a schema that comes again is not compiled again, and what is kept is bounded.</summary>
public sealed class GrammarCacheTests
{
    private const int Vocabulary = 3072;

    [Fact]
    public void The_same_schema_gives_the_same_grammar_and_another_schema_another()
    {
        var cache = new GrammarCache(Vocabulary);
        var first = cache.FromSchema(Schema("""{"type":"string","maxLength":4}"""));

        Assert.Same(first, cache.FromSchema(Schema("""{"type":"string","maxLength":4}""")));
        Assert.NotSame(first, cache.FromSchema(Schema("""{"type":"string","maxLength":5}""")));
        Assert.Equal(2, cache.Count);
    }

    [Fact]
    public void What_was_asked_for_longest_ago_goes_first()
    {
        // Room for two of these, of one node each and bytes of their own, not for three.
        var cache = new GrammarCache(Vocabulary, maxBytes: 700);
        var (a, b, c) = (Schema("""{"const":"a"}"""), Schema("""{"const":"b"}"""), Schema("""{"const":"c"}"""));
        var (ofA, ofB) = (cache.FromSchema(a), cache.FromSchema(b));
        Assert.Same(ofA, cache.FromSchema(a));

        cache.FromSchema(c);

        Assert.Equal(2, cache.Count);
        Assert.Same(ofA, cache.FromSchema(a));
        Assert.NotSame(ofB, cache.FromSchema(b));
    }

    [Fact]
    public void A_pattern_counts_with_the_masks_it_may_come_to_have()
    {
        var schema = Schema("""{"type":"string","pattern":"^[a-z]{40}$"}""");
        var (small, large) = (new GrammarCache(Vocabulary, maxBytes: 1 << 20), new GrammarCache(200_000, maxBytes: 1 << 20));

        small.FromSchema(schema);
        large.FromSchema(schema);

        Assert.Equal((1, 0), (small.Count, large.Count));
    }

    [Fact]
    public void A_schema_that_is_refused_is_refused_each_time_and_not_kept()
    {
        var cache = new GrammarCache(Vocabulary);
        for (var i = 0; i < 2; i++)
            Assert.Throws<UnsupportedSchemaException>(() => cache.FromSchema(Schema("""{"not":{}}""")));
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public async Task Many_at_once_each_get_the_grammar_of_their_own_schema()
    {
        // Room for a few of the twenty: some are dropped while others ask for them.
        var cache = new GrammarCache(Vocabulary, maxBytes: 2_000);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(() =>
        {
            var random = new Random(worker);
            for (var i = 0; i < 500; i++)
            {
                var value = random.Next(20);
                var literals = Assert.IsType<GrammarNode.Literals>(cache.FromSchema(Schema($$"""{"const":{{value}}}""")).Root);
                Assert.Equal(value.ToString(), System.Text.Encoding.UTF8.GetString(Assert.Single(literals.Texts)));
            }
        })));
        Assert.InRange(cache.Count, 1, 8);
    }

    private static JsonElement Schema(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
