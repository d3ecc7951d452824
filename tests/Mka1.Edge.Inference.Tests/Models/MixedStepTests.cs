using Mka1.Edge.Inference.Engine;
using Mka1.Edge.Inference.Kernels;
using Mka1.Edge.Inference.Models;
using Mka1.Edge.Inference.Tests.Support;

namespace Mka1.Edge.Inference.Tests.Models;

/// <summary>Many sequences in one step, at different places and in pieces of different sizes.</summary>
public sealed class MixedStepTests
{
    private const int Sequences = 24;
    private const int LongestPrompt = 130;

    public static TheoryData<string> Variants => new("dense-f32", "dense-odd-bf16", "moe", "int8");

    [Theory]
    [MemberData(nameof(Variants))]
    public void Logits_are_the_same_bits_as_of_each_sequence_alone(string variant)
    {
        Check(variant switch
        {
            "dense-f32" => TinyModel.DenseF32().Load().Weights,
            "dense-odd-bf16" => TinyModel.DenseOddBF16().Load().Weights,
            "moe" => TinyModel.Moe().Load().Weights,
            _ => TinyModel.Int8().Load().Weights,
        });
    }

    [Theory]
    [MemberData(nameof(FamilyAgreementTests.Names), MemberType = typeof(FamilyAgreementTests))]
    public void So_they_are_for_every_family(string name) => Check(FamilyAgreementTests.Load(name));

    private static void Check(TransformerWeights model)
    {
        var random = new Random(3);
        var length = Math.Min(LongestPrompt, model.Config.ContextWindow);
        var prompts = Enumerable.Range(0, Sequences).Select(_ => Enumerable.Range(0, length).Select(_ => random.Next(model.Config.VocabularySize)).ToArray()).ToArray();
        var expected = prompts.Select(prompt => Alone(model, prompt)).ToArray();

        Assert.Equal(expected, Together(model, prompts, threads: 1, random));
        Assert.Equal(expected, Together(model, prompts, threads: 3, random));
    }

    private static float[] Alone(TransformerWeights model, int[] prompt)
    {
        using var runner = new SequenceRunner(model, threads: 1, prompt.Length);
        float[] logits = [];
        for (var i = 0; i < prompt.Length; i++)
            logits = runner.Append(prompt.AsMemory(i, 1));
        return logits;
    }

    private static float[][] Together(TransformerWeights model, int[][] prompts, int threads, Random random)
    {
        var length = prompts[0].Length;
        var pagesEach = (length + KvPages.PageSize - 1) / KvPages.PageSize;
        var pages = Enumerable.Range(0, pagesEach * prompts.Length).ToArray();
        random.Shuffle(pages);
        using var team = new ComputeTeam(threads);
        using var runner = new ManagedRunner(model, team, pages.Length, maxStepTokens: 400);
        var done = new int[prompts.Length];
        var logits = prompts.Select(_ => new float[model.Config.VocabularySize]).ToArray();
        while (done.Any(count => count < length))
        {
            var chosen = Enumerable.Range(0, prompts.Length).Where(s => done[s] < length && random.Next(3) > 0).ToArray();
            var batch = chosen.Select(s => new SequenceStep
            {
                Tokens = prompts[s].AsMemory(done[s], Math.Min(random.Next(2) == 0 ? 1 : random.Next(1, 17), length - done[s])),
                Position = done[s],
                Pages = pages.AsMemory(s * pagesEach, pagesEach),
                Logits = logits[s],
            }).ToArray();
            if (batch.Length == 0)
                continue;
            runner.Step(batch);
            foreach (var (s, step) in chosen.Zip(batch))
                done[s] += step.Tokens.Length;
        }
        return logits;
    }
}
