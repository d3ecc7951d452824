using Mka1.Edge.Inference.Torch.Tests.Support;
using TorchSharp;

namespace Mka1.Edge.Inference.Torch.Tests;

public sealed class DisposalTests
{
    public static TheoryData<string> Variants => [.. TorchModels.Variants];

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_step_leaves_no_tensor_behind_and_a_disposed_runner_none_at_all(string variant)
    {
        var before = torch.Tensor.TotalCount;
        var runner = TorchModels.Start(TorchModels.Create(variant));
        var loaded = torch.Tensor.TotalCount;
        Assert.True(loaded > before);

        var (first, second) = (new PagedSequence(runner, 0, 1, 2), new PagedSequence(runner, 3, 4, 5));
        for (var i = 0; i < 5; i++)
            runner.Step([first.Next(TorchModels.Ids(i, 4)), second.Next([i])]);
        Assert.Equal(loaded, torch.Tensor.TotalCount);

        runner.Dispose();
        runner.Dispose();
        Assert.Equal(before, torch.Tensor.TotalCount);
        Assert.Throws<ObjectDisposedException>(() => runner.Step([first.Next([1])]));
    }

    [Fact]
    public void A_step_that_fails_leaves_no_tensor_behind_either()
    {
        using var runner = TorchModels.Start(TorchModels.Create("dense-f32"));
        var before = torch.Tensor.TotalCount;
        Assert.ThrowsAny<Exception>(() => new PagedSequence(runner, 0).Run([1_000_000]));
        Assert.Equal(before, torch.Tensor.TotalCount);
        new PagedSequence(runner, 0).Run([1]);
    }
}
