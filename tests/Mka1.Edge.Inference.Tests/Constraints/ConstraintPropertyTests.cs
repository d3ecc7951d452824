using System.Text.Json;
using Mka1.Edge.Inference.Chat;
using Mka1.Edge.Inference.Constraints;
using Mka1.Edge.Inference.Constraints.Masks;
using Mka1.Edge.Inference.Sampling;
using Mka1.Edge.Inference.Tests.Support;
using Mka1.Edge.Inference.Tokenization;

namespace Mka1.Edge.Inference.Tests.Constraints;

/// <summary>A model that says anything at all, held to random schemas, must always end in a valid text.</summary>
public sealed class ConstraintPropertyTests
{
    private static readonly Tokenizer Tokenizer = TinyTokenizer.Load();
    private static readonly ChatTokens Tokens = new(1, 2, 3, 4);
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 150)];

    /// <summary>10,000 schemas, a quarter at a time.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_logits_under_a_random_schema_give_a_valid_value_in_the_budget(int quarter)
    {
        const int MaxBytes = 400;
        var satisfiable = 0;
        for (var seed = quarter * 2_500; seed < (quarter + 1) * 2_500; seed++)
        {
            if (!RandomSchema.TryCompile(seed, MaxBytes, out var schema, out var grammar))
                continue;
            satisfiable++;
            SchemaChecker.AssertValid(Bytes(Run(new JsonConstraint(Tokens, grammar), seed)), schema, MaxBytes, seed);
        }
        Assert.True(satisfiable > 2_200, $"{satisfiable} of the schemas can be satisfied");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Random_logits_under_any_object_give_an_object_without_duplicate_keys(int seed)
    {
        using var any = JsonDocument.Parse("""{"type":"object"}""");
        var bytes = Bytes(Run(new JsonConstraint(Tokens, JsonGrammar.FromSchema(any.RootElement, maxBytes: 300)), seed));
        using var value = JsonDocument.Parse(bytes, Strict);
        Assert.Equal(JsonValueKind.Object, value.RootElement.ValueKind);
        SchemaChecker.AssertReadable(value.RootElement);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Random_logits_with_tools_give_text_and_valid_calls(int seed)
    {
        var schemas = Enumerable.Range(0, 3).ToDictionary(i => $"tool{i}", i => JsonDocument.Parse(
            $$"""{"required":["b"],"additionalProperties":false,"type":"object","properties":{"a":{"type":"string","maxLength":5},"b":{"enum":[{{i}}]} } }""").RootElement);
        var options = new ToolCallingOptions
        {
            Tools = [.. schemas.Select(tool => new CallableTool(tool.Key, JsonGrammar.FromSchema(tool.Value)))],
            Required = seed % 2 == 0,
            Parallel = seed % 3 == 0,
            MaxCalls = 3,
        };
        var tokens = Run(new ToolCallingConstraint(Tokens, options), seed);

        Assert.Equal(TokenKind.EndOfTurn, tokens[^1].Kind);
        if (options.Required)
            Assert.Equal(Tokens.ToolCallStart, tokens[0].Id);
        var rest = tokens.SkipWhile(token => token.Kind == TokenKind.Text).SkipLast(1).ToList();
        var calls = 0;
        for (; rest.Count > 0; calls++)
        {
            Assert.Equal(Tokens.ToolCallStart, rest[0].Id);
            var end = rest.FindIndex(token => token.Id == Tokens.ToolCallEnd);
            using var call = JsonDocument.Parse(Bytes(rest[1..end]), Strict);
            Assert.Equal(["name", "arguments"], call.RootElement.EnumerateObject().Select(member => member.Name));
            Assert.True(SchemaChecker.IsValid(call.RootElement.GetProperty("arguments"), schemas[call.RootElement.GetProperty("name").GetString()!]));
            rest.RemoveRange(0, end + 1);
        }
        Assert.InRange(calls, options.Required ? 1 : 0, options.Parallel ? 3 : 1);
    }

    private static List<Token> Run(ITokenConstraint constraint, int seed)
    {
        var random = new Random(seed);
        var sampler = new Sampler(new SamplingOptions { Seed = (ulong)seed }, Tokenizer.VocabularySize, TokenMasks.Of(Tokenizer));
        var logits = new float[Tokenizer.VocabularySize];
        var tokens = new List<Token>();
        do
        {
            // Now and then every token is equally likely, now and then one is all but certain.
            var spread = random.Next(3) * 6f;
            for (var id = 0; id < logits.Length; id++)
                logits[id] = spread * (float)random.NextDouble();
            var token = Tokenizer[sampler.Sample(logits, Tokenizer.Tokens, constraint)];
            Assert.True(constraint.Allows(token));
            constraint.Accept(token);
            tokens.Add(token);
            Assert.True(tokens.Count < 40_000, "does not end");
        }
        while (tokens[^1].Kind != TokenKind.EndOfTurn);
        return tokens;
    }

    private static byte[] Bytes(IEnumerable<Token> tokens) => [.. tokens.SelectMany(token => token.Bytes.ToArray())];
}
