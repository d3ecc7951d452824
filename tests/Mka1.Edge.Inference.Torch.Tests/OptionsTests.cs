using Mka1.Edge.Inference.Tests.Support;
using Mka1.Edge.Inference.Torch.Tests.Support;
using Mka1.Edge.Inference.Weights;

namespace Mka1.Edge.Inference.Torch.Tests;

public sealed class OptionsTests
{
    [Theory]
    [InlineData("gpu", "auto", "expected cpu, cuda or cuda:N")]
    [InlineData("cuda:x", "auto", "expected cpu, cuda or cuda:N")]
    [InlineData("cpu", "int8", "expected auto, fp32, bf16 or fp16")]
    public void An_unknown_device_or_type_is_refused_by_name(string device, string dataType, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => Load(new() { Device = device, DataType = dataType, PageCount = 1 })).Message, StringComparison.Ordinal);

    [Fact]
    public void A_device_that_is_not_there_is_told() =>
        Assert.Contains("cuda:63", Assert.Throws<InvalidOperationException>(() => Load(new() { Device = "cuda:63", PageCount = 1 })).Message, StringComparison.Ordinal);

    [Fact]
    public void Sizes_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Load(new() { PageCount = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Load(new() { CacheBytes = 10 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Load(new() { Sequences = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Load(new() { PageCount = 1, PageSize = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Load(new() { PageCount = 1, MaxStepTokens = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Load(new() { PageCount = 1, Threads = 0 }));
    }

    [Fact]
    public void The_cache_has_pages_for_the_bytes_or_for_the_sequences_it_was_asked_for()
    {
        using var folder = new TempFolder();
        TinyModel.DenseF32().Write(folder.Path);
        using var sequences = TorchModelRunner.Load(folder.Path, new() { Sequences = 3, PageSize = 32 });
        Assert.Equal(3 * sequences.Config.ContextWindow / 32, sequences.PageCount);
        using var bytes = TorchModelRunner.Load(folder.Path, new() { CacheBytes = (5 * sequences.PageBytes) + 1, PageSize = 32 });
        Assert.Equal(5, bytes.PageCount);
        using var smaller = TorchModelRunner.Load(folder.Path, new() { Sequences = 2, PageSize = 32, ContextWindow = 64 });
        Assert.Equal(4, smaller.PageCount);
    }

    [Fact]
    public void A_step_that_does_not_fit_is_refused_before_anything_is_written()
    {
        using var runner = TorchModels.Start(TinyModel.DenseF32(), pages: 80);
        Assert.Throws<ArgumentException>(() => new PagedSequence(runner, 0).Run(new int[9]));
        Assert.Throws<ArgumentException>(() => new PagedSequence(runner, 80).Run([1]));
        Assert.Throws<ArgumentException>(() => new PagedSequence(runner, -1).Run([1]));
        Assert.Throws<ArgumentException>(() => new PagedSequence(runner, 0).Run([]));
        Assert.Throws<ArgumentException>(() => new PagedSequence(runner, [.. Enumerable.Range(0, 80)]).Run(new int[513]));
        runner.Step([]);
    }

    [Fact]
    public void A_directory_without_weights_is_refused_by_its_file()
    {
        using var folder = new TempFolder();
        TinyModel.DenseF32().Write(folder.Path);
        File.Delete(folder.File("model.safetensors"));
        Assert.Contains("model.safetensors", Assert.Throws<ModelFormatException>(() => TorchModelRunner.Load(folder.Path, new() { PageCount = 1 })).Message, StringComparison.Ordinal);
    }

    private static void Load(TorchRunnerOptions options)
    {
        using var folder = new TempFolder();
        TinyModel.DenseF32().Write(folder.Path);
        TorchModelRunner.Load(folder.Path, options).Dispose();
    }
}
