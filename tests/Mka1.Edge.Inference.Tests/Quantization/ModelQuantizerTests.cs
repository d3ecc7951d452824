using System.Text.Json.Nodes;
using Mka1.Edge.Inference.Models;
using Mka1.Edge.Inference.Quantization;
using Mka1.Edge.Inference.Tests.Support;
using Mka1.Edge.Inference.Weights;

namespace Mka1.Edge.Inference.Tests.Quantization;

public sealed class ModelQuantizerTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_mixture_keeps_its_routers_and_what_has_no_whole_groups()
    {
        var tensors = Quantize(TinyModel.Moe(), 4, 32).ToDictionary(tensor => tensor.Name);
        Assert.Equal(0, tensors["model.layers.0.block_sparse_moe.gate.weight"].Bits);
        Assert.Equal(0, tensors["model.norm.weight"].Bits);
        Assert.Equal(8, tensors["model.embed_tokens.weight"].Bits);
        Assert.Equal(4, tensors["model.layers.1.block_sparse_moe.experts.3.w1.weight"].Bits);

        // Rows of 48: no whole blocks.
        Assert.Equal(0, tensors["model.layers.1.block_sparse_moe.experts.3.w2.weight"].Bits);
        Assert.All(tensors.Values.Where(tensor => tensor.Bits == 4), tensor => Assert.InRange(tensor.RelativeError, 0.01, 0.12));
        Assert.All(tensors.Values.Where(tensor => tensor.Bits == 8), tensor => Assert.InRange(tensor.RelativeError, 0.0005, 0.01));
        var model = LanguageModel.Load(Target);
        Assert.Equal(tensors.Values.Where(tensor => tensor.Bits > 0).Sum(tensor => tensor.BytesAfter), model.MemoryBytes - tensors.Values.Where(tensor => tensor.Bits == 0).Sum(Kept));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(4)]
    public void Every_float_type_can_be_quantized(int bits)
    {
        foreach (var tiny in new[] { TinyModel.DenseF32(), TinyModel.DenseF16(), TinyModel.Moe() })
        {
            Quantize(tiny, bits, 64);
            Assert.Equal(bits, LanguageModel.Load(Target).Config.QuantizationBits);
            Directory.Delete(Target, true);
            Directory.Delete(Source, true);
        }
    }

    [Fact]
    public void What_cannot_be_done_is_refused_and_leaves_nothing_behind()
    {
        Directory.CreateDirectory(Source);
        AssertRefused("config.json");
        TinyModel.Int8().Write(Source);
        AssertRefused("quantized already");
        TinyModel.DenseF32().Write(Source);
        Directory.CreateDirectory(Target);
        AssertRefused("exists already");
        Directory.Delete(Target);
        File.Delete(Path.Combine(Source, "model.safetensors"));
        AssertRefused("cannot be opened");
        Assert.Equal([Source], Directory.GetFileSystemEntries(_folder.Path));

        var options = new QuantizationOptions { Bits = 3 };
        Assert.Throws<ArgumentOutOfRangeException>(() => ModelQuantizer.Quantize(Source, Target, options));
    }

    [Fact]
    public void The_rest_of_the_directory_comes_along_but_not_what_speaks_of_other_weights()
    {
        Directory.CreateDirectory(Source);
        File.WriteAllText(Path.Combine(Source, "MODEL_CARD.md"), "dense");
        Quantize(TinyModel.DenseF32(), 8, 64);
        Assert.True(File.Exists(Path.Combine(Target, "tokenizer.json")));
        Assert.False(File.Exists(Path.Combine(Target, "MODEL_CARD.md")));
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(Target, "config.json")))!["quantization_config"]!;
        Assert.Equal("""{"quant_method":"mka1","bits":8,"group_size":64,"sym":true}""", config.ToJsonString());
    }

    private string Source => _folder.File("source");

    private string Target => _folder.File("target");

    // Norms are widened when they are read.
    private static long Kept(QuantizedTensor tensor) => tensor.Name.Contains("norm", StringComparison.Ordinal) ? Math.Max(tensor.BytesAfter, 64 * sizeof(float)) : tensor.BytesAfter;

    private List<QuantizedTensor> Quantize(TinyModel tiny, int bits, int group)
    {
        Directory.CreateDirectory(Source);
        tiny.Write(Source);
        var tensors = new List<QuantizedTensor>();
        ModelQuantizer.Quantize(Source, Target, new QuantizationOptions { Bits = bits, GroupSize = group }, tensors.Add);
        return tensors;
    }

    private void AssertRefused(string problem)
    {
        var refused = Assert.Throws<ModelFormatException>(() => ModelQuantizer.Quantize(Source, Target, new QuantizationOptions { Bits = 8 }));
        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
    }
}
