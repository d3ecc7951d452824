using System.Globalization;
using System.Text;
using Mka1.Edge.Inference.Chat;
using Mka1.Edge.Inference.Constraints;
using Mka1.Edge.Inference.Engine;
using Mka1.Edge.Inference.Models;
using Mka1.Edge.Inference.Sampling;
using Mka1.Edge.Inference.Tests.Support;

namespace Mka1.Edge.Inference.Tests.Constraints;

/// <summary>The trained demo model at temperature 1, held to random schemas, says only what they allow.</summary>
public sealed class DemoModelSchemaTests
{
    private const int MaxBytes = 400;

    // Every token has a byte at least; one more ends the turn.
    private const int MaxTokens = MaxBytes + 1;

    /// <summary>The first schemas of the 10,000; MKA1_SCHEMAS=10000 runs all of them (some minutes).</summary>
    private static readonly int Schemas = int.Parse(Environment.GetEnvironmentVariable("MKA1_SCHEMAS") ?? "300", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Each_answer_to_a_random_schema_is_valid()
    {
        var model = DemoModels.Load("mka1-mini-dense");
        await using var engine = new InferenceEngine(model, new InferenceEngineOptions { MaxConcurrentRequests = 4, Threads = 1 });
        var prompt = model.ChatTemplate.Render(new ChatPrompt { Turns = [new ChatTurn.Message(ChatRole.User, "Give me the data as JSON.")] });
        var answered = 0;
        await Parallel.ForAsync(0, Schemas, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (seed, cancellation) =>
        {
            if (!RandomSchema.TryCompile(seed, MaxBytes, out var schema, out var grammar))
                return;
            var text = new MemoryStream();
            GeneratedToken? last = null;
            await foreach (var token in engine.GenerateAsync(Request(model, prompt, grammar, seed), cancellation))
            {
                text.Write(token.Bytes.Span);
                last = token;
            }
            Assert.True(last?.Finish == FinishReason.Stop, $"seed {seed}: the answer does not end: {Encoding.UTF8.GetString(text.ToArray())}");
            SchemaChecker.AssertValid(text.ToArray(), schema, MaxBytes, seed);
            Interlocked.Increment(ref answered);
        });
        Assert.InRange(answered, Schemas * 9 / 10, Schemas);
    }

    private static GenerationRequest Request(LanguageModel model, int[] prompt, JsonGrammar grammar, int seed) => new()
    {
        PromptIds = prompt,
        MaxOutputTokens = MaxTokens,
        Sampling = new SamplingOptions { Temperature = 1, Seed = (ulong)seed },
        Constraint = new JsonConstraint(model.ChatTemplate.Tokens, grammar),
    };
}
