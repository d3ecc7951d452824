using Mka1.Edge.Inference.Engine;
using Mka1.Edge.Inference.Models;
using Mka1.Edge.Inference.Quantization;
using Mka1.Edge.Inference.Sampling;
using Mka1.Edge.Inference.Tests.Support;

namespace Mka1.Edge.Inference.Tests.Models;

/// <summary>Promise: a quantized model says nearly what the model it was made from says, and the same whoever computes beside it.</summary>
public sealed class QuantizedModelTests
{
    [Theory]
    [InlineData(8, 64, 0.05)]
    [InlineData(8, 32, 0.05)]
    [InlineData(4, 32, 0.6)]
    public async Task Logprobs_stay_near_those_of_the_dense_model(int bits, int group, double most)
    {
        using var folder = new TempFolder();
        var (dense, quantized) = Pair(folder, bits, group);
        await using var expected = new InferenceEngine(dense);
        await using var rounded = new InferenceEngine(quantized);
        await using var floats = new InferenceEngine(LanguageModel.Load(folder.File("quantized"), new ModelLoadOptions { FloatActivations = true }));
        double difference = 0, ofActivations = 0;
        for (var seed = 0; seed < 10; seed++)
        {
            var prompt = Prompt(seed, 12);
            var reference = await First(expected, prompt);
            difference += Distance(reference, await First(rounded, prompt)) / 10;
            ofActivations += Distance(await First(floats, prompt), await First(rounded, prompt)) / 10;
        }

        // Random weights bear rounding less well than trained ones; what activations add is small beside it.
        Assert.InRange(difference, 1e-6, most);
        Assert.InRange(ofActivations, 1e-6, 0.05);
    }

    [Theory]
    [InlineData(8, 64)]
    [InlineData(4, 32)]
    public async Task A_generation_is_the_same_alone_and_among_others_and_with_any_number_of_threads(int bits, int group)
    {
        using var folder = new TempFolder();
        var (_, model) = Pair(folder, bits, group);
        List<float> alone;
        await using (var engine = new InferenceEngine(model, new InferenceEngineOptions { Threads = 1 }))
            alone = await Logprobs(engine, Prompt(1, 70));
        await using (var engine = new InferenceEngine(model, new InferenceEngineOptions { Threads = 3 }))
        {
            var others = Enumerable.Range(2, 5).Select(seed => Logprobs(engine, Prompt(seed, 9 * seed))).ToList();
            Assert.Equal(alone, await Logprobs(engine, Prompt(1, 70)));
            await Task.WhenAll(others);
        }
    }

    private static (LanguageModel Dense, LanguageModel Quantized) Pair(TempFolder folder, int bits, int group)
    {
        Directory.CreateDirectory(folder.File("dense"));
        TinyModel.DenseF32().Write(folder.File("dense"));
        ModelQuantizer.Quantize(folder.File("dense"), folder.File("quantized"), new QuantizationOptions { Bits = bits, GroupSize = group });
        return (LanguageModel.Load(folder.File("dense")), LanguageModel.Load(folder.File("quantized")));
    }

    private static int[] Prompt(int seed, int length)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.Next(TinyTokenizer.Size))];
    }

    private static double Distance(Dictionary<int, float> a, Dictionary<int, float> b) =>
        a.Where(pair => b.ContainsKey(pair.Key)).Average(pair => Math.Abs(pair.Value - b[pair.Key]));

    private static async Task<Dictionary<int, float>> First(InferenceEngine engine, int[] prompt)
    {
        await foreach (var token in engine.GenerateAsync(new GenerationRequest { PromptIds = prompt, MaxOutputTokens = 1, Sampling = SamplingOptions.Greedy, TopLogprobs = 20 }))
            return token.TopLogprobs!.ToDictionary(top => top.Id, top => top.Logprob);
        throw new InvalidOperationException("No token came.");
    }

    private static async Task<List<float>> Logprobs(InferenceEngine engine, int[] prompt)
    {
        var logprobs = new List<float>();
        await foreach (var token in engine.GenerateAsync(new GenerationRequest { PromptIds = prompt, MaxOutputTokens = 12, Sampling = SamplingOptions.Greedy, Logprobs = true }))
            logprobs.Add(token.Logprob);
        return logprobs;
    }
}
