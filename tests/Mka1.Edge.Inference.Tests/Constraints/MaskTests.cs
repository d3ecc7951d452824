using System.Text;
using System.Text.Json;
using Mka1.Edge.Inference.Chat;
using Mka1.Edge.Inference.Constraints;
using Mka1.Edge.Inference.Constraints.Masks;
using Mka1.Edge.Inference.Tests.Support;
using Mka1.Edge.Inference.Tokenization;

namespace Mka1.Edge.Inference.Tests.Constraints;

/// <summary>Masks against the constraint they come from, asked about every token at every step.</summary>
public sealed class MaskTests
{
    private static readonly Tokenizer Tokenizer = TinyTokenizer.Load();
    private static readonly TokenMasks Masks = TokenMasks.Of(Tokenizer);
    private static readonly ChatTokens Tokens = new(1, 2, 3, 4);

    [Fact]
    public void A_mask_holds_what_is_allowed_and_nothing_else_that_a_key_or_the_budget_does_not_refuse()
    {
        var exact = 0;
        for (var seed = 0; seed < 60; seed++)
        {
            if (RandomSchema.TryCompile(seed, 2_000, out var schema, out var grammar))
                exact += Compare(new JsonConstraint(Tokens, grammar), seed, isExact: !HasFreeKeys(schema));
        }
        Assert.True(exact > 1_000, $"{exact} masks were compared exactly");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_masks_of_calls_know_the_tags(bool parallel)
    {
        using var schema = JsonDocument.Parse("""{"type":"object","properties":{"a":{"type":"string","maxLength":2},"n":{"type":"integer","maximum":20}},"required":["a"]}""");
        var grammar = JsonGrammar.FromSchema(schema.RootElement);
        var options = new ToolCallingOptions { Tools = [new("f", grammar), new("g", grammar)], Parallel = parallel, MaxCalls = 2, Text = grammar };
        for (var seed = 0; seed < 10; seed++)
            Assert.True(Compare(new ToolCallingConstraint(Tokens, options), seed, isExact: true) > 0);
    }

    [Fact]
    public void Scores_outside_a_mask_become_minus_infinity()
    {
        var random = new Random(1);
        var mask = new ulong[] { (ulong)random.NextInt64(), ulong.MaxValue, 0, 5 };
        var scores = Enumerable.Range(0, 197).Select(id => (float)id).ToArray();
        TokenMasks.Apply(mask, scores);
        for (var id = 0; id < scores.Length; id++)
            Assert.Equal((mask[id / 64] >> (id % 64) & 1) == 1 ? id : float.NegativeInfinity, scores[id]);
    }

    // Walks through one random text; returns how many masks were found the same as the answers.
    private static int Compare(ITokenConstraint constraint, int seed, bool isExact)
    {
        var random = new Random(seed);
        var text = new StringBuilder();
        var mask = new ulong[TokenMasks.Words(Tokenizer.VocabularySize)];
        for (var same = 0; ; same++)
        {
            if (constraint.ForcedToken is { } forced)
            {
                if (Tokenizer[forced].Kind == TokenKind.EndOfTurn)
                    return isExact ? same : 0;
                constraint.Accept(Tokenizer[forced]);
                continue;
            }
            Array.Clear(mask);
            var masked = ((IMaskedConstraint)constraint).TryMask(Masks, mask);
            var allowed = Tokenizer.Tokens.ToArray().Where(token => constraint.Allows(token)).ToList();
            var wanted = new ulong[mask.Length];
            allowed.ForEach(token => TokenMasks.Add(wanted, token.Id));
            for (var i = 0; i < mask.Length && masked; i++)
            {
                Assert.True((wanted[i] & ~mask[i]) == 0, $"seed {seed}: the mask lacks tokens after {text}");
                Assert.True(!isExact || text.Length > 1_500 || wanted[i] == mask[i], $"seed {seed}: the mask has tokens too many after {text}");
            }
            if (text.Length > 1_800)
                return isExact ? same : 0;
            var next = allowed[random.Next(allowed.Count)];
            if (next.Kind == TokenKind.EndOfTurn)
                return isExact ? same : 0;
            constraint.Accept(next);
            text.Append(Encoding.UTF8.GetString(next.Bytes.Span));
        }
    }

    private static bool HasFreeKeys(JsonElement schema)
    {
        var text = schema.GetRawText();
        return text.Contains("\"additionalProperties\":true", StringComparison.Ordinal) || text.Contains("\"additionalProperties\":{", StringComparison.Ordinal)
            || text.Contains("\"properties\":{},\"required\":[]}", StringComparison.Ordinal);
    }
}
