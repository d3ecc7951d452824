using Mka1.Edge.Inference.Kernels;
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

        using var team = new ComputeTeam(2);
        var pass = new ForwardPass(model.Weights, team);
        using var cache = new KvCache(model.Config, ids.Length);
        for (var i = 0; i < ids.Length; i++)
        {
            pass.Append([ids[i]], cache);
                AssertClose(expected[i], pass.Logits());
        }
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

    private static float[] Run(LanguageModel model, int[] ids, int[] blocks, int threads)
    {
        using var team = new ComputeTeam(threads);
        var pass = new ForwardPass(model.Weights, team);
        using var cache = new KvCache(model.Config, ids.Length);
        var done = 0;
        foreach (var block in blocks)
        {
            pass.Append(ids.AsSpan(done, block), cache);
            done += block;
        }
        Assert.Equal(ids.Length, done);
        return pass.Logits().ToArray();
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
