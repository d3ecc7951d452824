using Mka1.Edge.Inference.Engine;
using Mka1.Edge.Inference.Tests.Support;
using Mka1.Edge.Inference.Torch.Tests.Support;

namespace Mka1.Edge.Inference.Torch.Tests;

public sealed class PagesTests
{
    public static TheoryData<string> Variants => [.. TorchModels.Variants];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Sequences_that_share_the_pages_of_a_prefix_answer_as_if_each_had_its_own(string variant)
    {
        var tiny = TorchModels.Create(variant);
        using var runner = TorchModels.Start(tiny);
        var reference = new ReferenceTransformer(tiny);
        var prefix = TorchModels.Ids(seed: 1, count: 16);
        new PagedSequence(runner, 20, 4).Run(prefix, ask: false);

        int[][] tails = [TorchModels.Ids(seed: 2, count: 5), TorchModels.Ids(seed: 3, count: 1), TorchModels.Ids(seed: 4, count: 11)];
        PagedSequence[] sequences = [new(runner, 20, 4, 7), new(runner, 20, 4, 8), new(runner, 20, 4, 2, 3)];
        runner.Step([.. sequences.Select((sequence, i) => sequence.After(16).Next(tails[i]))]);

        for (var i = 0; i < tails.Length; i++)
            TorchModels.AssertClose(reference.Logits([.. prefix, .. tails[i]])[^1], sequences[i].Logits);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_step_of_prompts_and_decoding_sequences_gives_each_what_it_gets_alone(string variant)
    {
        var tiny = TorchModels.Create(variant);
        using var runner = TorchModels.Start(tiny);
        var reference = new ReferenceTransformer(tiny);

        // Lengths from one page to eight, so that decoding falls into several batches; prompts stand between them.
        int[] lengths = [3, 60, 17, 8, 31, 1, 9];
        var prompts = lengths.Select((length, i) => TorchModels.Ids(seed: 100 + i, count: length)).ToArray();
        var sequences = lengths.Select((_, i) => new PagedSequence(runner, [.. Enumerable.Range(i * 8, 8).Reverse()])).ToArray();
        for (var i = 0; i < lengths.Length; i++)
        {
            if (i % 3 != 2 && prompts[i].Length > 1)
                sequences[i].Run(prompts[i][..^1], ask: false);
        }

        var batch = new SequenceStep[lengths.Length];
        for (var i = 0; i < lengths.Length; i++)
            batch[i] = i % 3 != 2 ? sequences[i].Next([prompts[i][^1]]) : sequences[i].Next(prompts[i]);
        runner.Step(batch);

        for (var i = 0; i < lengths.Length; i++)
            TorchModels.AssertClose(reference.Logits(prompts[i])[^1], sequences[i].Logits);
    }

    [Fact]
    public void Pages_of_a_sequence_that_was_given_up_serve_the_next_one_as_new()
    {
        var tiny = TinyModel.DenseF32();
        using var runner = TorchModels.Start(tiny, pages: 4);
        var ids = TorchModels.Ids(seed: 5, count: 20);
        var expected = new ReferenceTransformer(tiny).Logits(ids)[^1];
        for (var round = 0; round < 3; round++)
        {
            new PagedSequence(runner, 0, 1, 2, 3).Run(TorchModels.Ids(seed: round, count: 32), ask: false);
            TorchModels.AssertClose(expected, new PagedSequence(runner, 3, 1, 2).Run(ids));
        }
    }

    [Fact]
    public void Sequences_that_ask_for_no_logits_get_none()
    {
        using var runner = TorchModels.Start(TinyModel.DenseF32());
        var (asks, silent) = (new PagedSequence(runner, 0), new PagedSequence(runner, 1));
        runner.Step([silent.Next([1, 2], ask: false), asks.Next([3])]);
        Assert.All(silent.Logits, logit => Assert.Equal(0, logit));
        Assert.Contains(asks.Logits, logit => logit != 0);

        // Nobody asks: the cache is filled all the same.
        silent.Run([4], ask: false);
        TorchModels.AssertClose(new PagedSequence(runner, 2).Run([1, 2, 4, 5]), silent.Run([5]));
    }

    [Fact]
    public void A_page_takes_the_bytes_it_says()
    {
        var tiny = TinyModel.DenseF32();
        using var full = TorchModels.Start(tiny);
        using var half = TorchModels.Start(TinyModel.DenseF32(), dataType: "bf16");
        Assert.Equal(2L * tiny.Layers * tiny.KeyValueHeads * tiny.HeadSize * 8 * sizeof(float), full.PageBytes);
        Assert.Equal(full.PageBytes / 2, half.PageBytes);
    }
}
