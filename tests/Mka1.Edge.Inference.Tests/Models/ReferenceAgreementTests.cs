using Mka1.Edge.Inference.Models;
using Mka1.Edge.Inference.Tests.Support;

namespace Mka1.Edge.Inference.Tests.Models;

public sealed class ReferenceAgreementTests
{
    public static TheoryData<string> Variants => new("dense-f32", "dense-f16", "dense-odd-bf16", "moe", "int8");

    [Theory]
    [MemberData(nameof(Variants))]
    public void Logits_agree_with_the_plain_transformer_at_every_position(string variant)
    {
        var tiny = Create(variant);
        // Rounded activations have tests of their own: QuantizedModelTests.
        var model = tiny.Load(new ModelLoadOptions { FloatActivations = true });
        var ids = Ids(seed: 7, count: 40);
        var expected = new ReferenceTransformer(tiny).Logits(ids);

        using var runner = new SequenceRunner(model.Weights, threads: 2, capacity: ids.Length);
        for (var i = 0; i < ids.Length; i++)
            AssertClose(expected[i], runner.Append(ids.AsMemory(i, 1)));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_prompt_taken_in_blocks_of_any_size_gives_the_same_bits_as_token_by_token(string variant)
    {
        var model = Create(variant).Load();
        var ids = Ids(seed: 8, count: 150);
        var one = Run(model, ids, [.. Enumerable.Repeat(1, ids.Length)], threads: 1);
        Assert.Equal(one, Run(model, ids, [64, 64, 22], threads: 1));
        Assert.Equal(one, Run(model, ids, [3, 61, 5, 64, 17], threads: 3));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Weights_are_still_there_after_the_garbage_collector_has_moved_what_it_can(string variant)
    {
        var model = Create(variant).Load();
        var ids = Ids(seed: 9, count: 20);
        var before = Run(model, ids, [20], threads: 1);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        // Written over what was freed.
        var garbage = Enumerable.Range(0, 2000).Select(i => Enumerable.Repeat(float.NaN, 500 + i).ToArray()).ToArray();
        Assert.Equal(before, Run(model, ids, [20], threads: 1));
        GC.KeepAlive(garbage);
    }

    private static float[] Run(LanguageModel model, int[] ids, int[] blocks, int threads)
    {
        using var runner = new SequenceRunner(model.Weights, threads, ids.Length);
        var done = 0;
        float[] logits = [];
        foreach (var block in blocks)
        {
            logits = runner.Append(ids.AsMemory(done, block));
            done += block;
        }
        Assert.Equal(ids.Length, done);
        return logits;
    }

    private static TinyModel Create(string variant) => variant switch
    {
        "dense-f32" => TinyModel.DenseF32(),
        "dense-f16" => TinyModel.DenseF16(),
        "dense-odd-bf16" => TinyModel.DenseOddBF16(),
        "moe" => TinyModel.Moe(),
        _ => TinyModel.Int8(),
    };

    private static int[] Ids(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(TinyTokenizer.Size))];
    }

    private static void AssertClose(double[] expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) < 1e-4 * (1 + Math.Abs(expected[i])), $"logit {i}: expected {expected[i]}, got {actual[i]}");
    }
}
