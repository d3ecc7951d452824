using Mka1.Edge.Inference.Constraints;
using Mka1.Edge.Inference.Engine;
using Mka1.Edge.Inference.Models;
using Mka1.Edge.Inference.Sampling;
using Mka1.Edge.Inference.Tests.Support;
using Mka1.Edge.Inference.Torch.Tests.Support;

namespace Mka1.Edge.Inference.Torch.Tests;

public sealed class DemoModelTests
{
    // What libtorch does with quantized weights: they are rounded, activations are not.
    private static readonly ModelLoadOptions WeightsAlone = new() { FloatActivations = true };

    public static TheoryData<string> Variants => [.. DemoModels.Variants];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Greedy_output_equals_the_goldens(string variant)
    {
        using var runner = Start(variant);
        var count = 0;
        foreach (var line in DemoModels.Golden(variant))
        {
            var expected = Ids(line, "output_ids");
            var sequence = new PagedSequence(runner, [.. Enumerable.Range(0, runner.PageCount)]);
            Assert.Equal(expected, sequence.Greedy(Ids(line, "prompt_ids"), expected.Length));
            count++;
        }
        Assert.True(count >= 10, $"only {count} goldens");
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public async Task Tokens_and_logits_equal_those_of_the_processors_engine(string variant)
    {
        var model = DemoModels.Load(variant, WeightsAlone);
        await using var engine = new InferenceEngine(model);
        using var runner = Start(variant);
        foreach (var line in DemoModels.Golden(variant))
        {
            var prompt = Ids(line, "prompt_ids");
            var sequence = new PagedSequence(runner, [.. Enumerable.Range(0, runner.PageCount)]);
            var tokens = prompt;
            await foreach (var token in engine.GenerateAsync(Greedy(prompt)))
            {
                var logits = sequence.Run(tokens);
                Assert.Equal(token.Id, Array.IndexOf(logits, logits.Max()));
                var normalizer = Logprobs.Normalizer(logits);
                foreach (var candidate in token.TopLogprobs!)
                    Assert.InRange(logits[candidate.Id] - normalizer, candidate.Logprob - 1e-3f, candidate.Logprob + 1e-3f);
                tokens = [token.Id];
            }
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public async Task A_long_prompt_in_one_step_agrees_with_the_processors_engine(string variant)
    {
        var model = DemoModels.Load(variant, WeightsAlone);
        await using var engine = new InferenceEngine(model);
        using var runner = Start(variant);
        var random = new Random(11);
        int[] prompt = [.. Enumerable.Range(0, 700).Select(_ => random.Next(100, model.Tokenizer.VocabularySize))];

        var logits = new PagedSequence(runner, [.. Enumerable.Range(0, runner.PageCount)]).Run(prompt);
        var normalizer = Logprobs.Normalizer(logits);
        await using var stream = engine.GenerateAsync(Greedy(prompt) with { MaxOutputTokens = 1 });
        await foreach (var token in stream)
        {
            Assert.Equal(token.Id, Array.IndexOf(logits, logits.Max()));
            foreach (var candidate in token.TopLogprobs!)
                Assert.InRange(logits[candidate.Id] - normalizer, candidate.Logprob - 1e-3f, candidate.Logprob + 1e-3f);
        }
    }

    private static GenerationRequest Greedy(int[] prompt) => new()
    {
        PromptIds = prompt,
        MaxOutputTokens = 40,
        Sampling = new SamplingOptions { Temperature = 0 },
        TopLogprobs = 20,
        Constraint = Unconstrained.Instance,
    };

    private static TorchModelRunner Start(string variant) =>
        TorchModelRunner.Load(DemoModels.Directory(variant), new() { Device = TorchModels.Device, DataType = "fp32", PageCount = 64, PageSize = 32 });

    private static int[] Ids(System.Text.Json.JsonElement line, string name) => [.. line.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];
}
