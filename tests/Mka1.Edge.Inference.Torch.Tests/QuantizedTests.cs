using Mka1.Edge.Inference.Constraints;
using Mka1.Edge.Inference.Engine;
using Mka1.Edge.Inference.Models;
using Mka1.Edge.Inference.Quantization;
using Mka1.Edge.Inference.Sampling;
using Mka1.Edge.Inference.Tests.Support;
using Mka1.Edge.Inference.Torch.Tests.Support;

namespace Mka1.Edge.Inference.Torch.Tests;

public sealed class QuantizedTests
{
    [Theory]
    [InlineData(8, 64)]
    [InlineData(8, 32)]
    [InlineData(4, 32)]
    [InlineData(4, 64)]
    public async Task Packed_weights_give_what_the_processors_engine_makes_of_them(int bits, int group)
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.File("dense"));
        TinyModel.DenseF32().Write(folder.File("dense"));
        ModelQuantizer.Quantize(folder.File("dense"), folder.File("packed"), new QuantizationOptions { Bits = bits, GroupSize = group });
        await using var engine = new InferenceEngine(LanguageModel.Load(folder.File("packed"), new() { FloatActivations = true }));
        using var runner = TorchModelRunner.Load(folder.File("packed"), new() { Device = TorchModels.Device, DataType = "fp32", PageCount = 4 });
        var prompt = TorchModels.Ids(seed: 6, count: 30);

        var logits = new PagedSequence(runner, 3, 2, 1, 0).Run(prompt);
        var normalizer = Logprobs.Normalizer(logits);
        await using var stream = engine.GenerateAsync(new GenerationRequest
        {
            PromptIds = prompt,
            MaxOutputTokens = 1,
            Sampling = new SamplingOptions { Temperature = 0 },
            TopLogprobs = 20,
            Constraint = Unconstrained.Instance,
        });
        await foreach (var token in stream)
        {
            foreach (var candidate in token.TopLogprobs!)
                Assert.InRange(logits[candidate.Id] - normalizer, candidate.Logprob - 1e-3f, candidate.Logprob + 1e-3f);
        }
    }
}
