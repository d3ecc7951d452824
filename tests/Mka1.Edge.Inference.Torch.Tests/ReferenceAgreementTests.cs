using Mka1.Edge.Inference.Tests.Support;
using Mka1.Edge.Inference.Torch.Tests.Support;

namespace Mka1.Edge.Inference.Torch.Tests;

public sealed class ReferenceAgreementTests
{
    public static TheoryData<string> Variants => [.. TorchModels.Variants];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Logits_agree_with_the_plain_transformer_at_every_position(string variant)
    {
        var tiny = TorchModels.Create(variant);
        using var runner = TorchModels.Start(tiny);
        var ids = TorchModels.Ids(seed: 7, count: 40);
        var expected = new ReferenceTransformer(tiny).Logits(ids);

        var sequence = new PagedSequence(runner, 9, 3, 0, 5, 1);
        for (var i = 0; i < ids.Length; i++)
            TorchModels.AssertClose(expected[i], sequence.Run([ids[i]]));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_prompt_taken_in_pieces_of_any_size_gives_the_same_logits(string variant)
    {
        var tiny = TorchModels.Create(variant);
        using var runner = TorchModels.Start(tiny);
        var ids = TorchModels.Ids(seed: 8, count: 60);
        var expected = new ReferenceTransformer(tiny).Logits(ids)[^1];
        foreach (var pieces in new int[][] { [60], [8, 52], [1, 7, 9, 40, 3], [59, 1] })
        {
            var sequence = new PagedSequence(runner, [.. Enumerable.Range(10, 8)]);
            var done = 0;
            foreach (var piece in pieces)
            {
                sequence.Run(ids[done..(done + piece)], ask: done + piece == ids.Length);
                done += piece;
            }
            TorchModels.AssertClose(expected, sequence.Logits);
        }
    }

    [Theory]
    [InlineData("dense-odd-bf16")]
    [InlineData("moe")]
    [InlineData("int8")]
    public void Bf16_stays_near_the_plain_transformer(string variant)
    {
        var tiny = TorchModels.Create(variant);
        using var runner = TorchModels.Start(tiny, dataType: "bf16");
        var ids = TorchModels.Ids(seed: 9, count: 30);
        var expected = new ReferenceTransformer(tiny).Logits(ids)[^1];
        var actual = new PagedSequence(runner, 0, 1, 2, 3).Run(ids);

        // Eight bits of mantissa: some hundredths of the spread of the logits.
        var spread = Math.Sqrt(expected.Average(value => value * value));
        var error = Math.Sqrt(expected.Zip(actual, (x, y) => (x - y) * (x - y)).Average());
        Assert.InRange(error / spread, 1e-6, 0.1);
    }
}
