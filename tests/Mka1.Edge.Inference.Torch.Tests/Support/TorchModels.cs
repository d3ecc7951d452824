using Mka1.Edge.Inference.Tests.Support;

namespace Mka1.Edge.Inference.Torch.Tests.Support;

/// <summary>Small random models on libtorch, and the checks that results agree.</summary>
internal static class TorchModels
{
    public static readonly string[] Variants = ["dense-f32", "dense-f16", "dense-odd-bf16", "moe", "int8"];

    /// <summary>The device the tests run on: <c>cpu</c> unless MKA1_TORCH_DEVICE names another.</summary>
    public static string Device { get; } = Environment.GetEnvironmentVariable("MKA1_TORCH_DEVICE") ?? "cpu";

    public static TinyModel Create(string variant) => variant switch
    {
        "dense-f32" => TinyModel.DenseF32(),
        "dense-f16" => TinyModel.DenseF16(),
        "dense-odd-bf16" => TinyModel.DenseOddBF16(),
        "moe" => TinyModel.Moe(),
        _ => TinyModel.Int8(),
    };

    /// <summary>Pages of 8 positions, so that little sequences have several.</summary>
    public static TorchModelRunner Start(TinyModel model, int pages = 64, string dataType = "fp32")
    {
        using var folder = new TempFolder();
        model.Write(folder.Path);
        return TorchModelRunner.Load(folder.Path, new() { Device = Device, DataType = dataType, PageCount = pages, PageSize = 8, MaxStepTokens = 512 });
    }

    public static int[] Ids(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(TinyTokenizer.Size))];
    }

    public static void AssertClose(IReadOnlyList<double> expected, IReadOnlyList<float> actual, double tolerance = 1e-4)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < expected.Count; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) < tolerance * (1 + Math.Abs(expected[i])), $"logit {i}: expected {expected[i]}, got {actual[i]}");
    }

    public static void AssertClose(float[] expected, float[] actual) => AssertClose([.. expected.Select(value => (double)value)], actual);
}
