using System.Text.Json;
using Mka1.Edge.Inference.Constraints;
using Mka1.Edge.Inference.Engine;
using Mka1.Edge.Inference.Sampling;
using Mka1.Edge.Inference.Tests.Support;
using Mka1.Edge.Inference.Tokenization;
using Mka1.Edge.Inference.Torch.Tests.Support;

namespace Mka1.Edge.Inference.Torch.Tests;

public sealed class EngineTests
{
    public static TheoryData<string> Variants => [.. DemoModels.Variants];

    [Theory]
    [MemberData(nameof(Variants))]
    public async Task Prompts_side_by_side_get_the_goldens_answers_and_again_from_kept_pages(string variant)
    {
        await using var engine = Start(variant);
        var goldens = DemoModels.Golden(variant).ToList();
        for (var round = 0; round < 2; round++)
        {
            var answers = await Task.WhenAll(goldens.Select(line => Answer(engine, line)));
            Assert.All(goldens.Zip(answers), pair => Assert.Equal(Ids(pair.First, "output_ids"), pair.Second));
            Assert.Equal(0, engine.Load.PagesUsed);
        }
        Assert.True(engine.Load.PromptTokensCached > 0);
        Assert.True(engine.Load.SequenceSteps > engine.Load.Steps, "no step had two sequences");
    }

    [Fact]
    public async Task Answers_cut_off_at_any_token_leave_no_page_held_and_the_next_answer_right()
    {
        await using var engine = Start("mka1-mini-dense");
        var goldens = DemoModels.Golden("mka1-mini-dense").ToList();
        var random = new Random(3);
        for (var round = 0; round < 12; round++)
        {
            var tasks = goldens.Take(8).Select(line => Cut(engine, line, after: random.Next(0, 6))).ToList();
            await Task.WhenAll(tasks);
            Assert.Equal(0, engine.Load.PagesUsed);
        }
        Assert.Equal(Ids(goldens[0], "output_ids"), await Answer(engine, goldens[0]));
    }

    private static InferenceEngine Start(string variant)
    {
        var runner = TorchModelRunner.Load(DemoModels.Directory(variant), new() { Device = TorchModels.Device, DataType = "fp32", PageCount = 256, PageSize = 16 });
        return new InferenceEngine(runner, Tokenizer.Load(DemoModels.Directory(variant)), new() { MaxConcurrentRequests = 8 });
    }

    private static async Task<List<int>> Answer(InferenceEngine engine, JsonElement line)
    {
        var ids = new List<int>();
        await foreach (var token in engine.GenerateAsync(Greedy(line)))
            ids.Add(token.Id);
        return ids;
    }

    private static async Task Cut(InferenceEngine engine, JsonElement line, int after)
    {
        await using var stream = engine.GenerateAsync(Greedy(line));
        var read = 0;
        await foreach (var _ in stream)
        {
            if (read++ == after)
                break;
        }
    }

    private static GenerationRequest Greedy(JsonElement line) => new()
    {
        PromptIds = Ids(line, "prompt_ids"),
        MaxOutputTokens = Ids(line, "output_ids").Length,
        Sampling = new SamplingOptions { Temperature = 0 },
        Constraint = Unconstrained.Instance,
    };

    private static int[] Ids(JsonElement line, string name) => [.. line.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];
}
