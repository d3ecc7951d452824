using System.Text.Json.Nodes;
using Mka1.Edge.Inference.Models;
using Mka1.Edge.Inference.Tests.Support;
using Mka1.Edge.Inference.Weights;

namespace Mka1.Edge.Inference.Tests.Weights;

public sealed class WeightFilesTests
{
    private const string Index = "model.safetensors.index.json";

    [Theory]
    [InlineData("../model.safetensors")]
    [InlineData("..\\model.safetensors")]
    [InlineData("/etc/model.safetensors")]
    [InlineData("c:model.safetensors")]
    [InlineData("sub/model.safetensors")]
    [InlineData("..safetensors")]
    [InlineData("config.json")]
    [InlineData("")]
    public void An_index_that_points_out_of_the_directory_is_refused(string shard)
    {
        using var folder = new TempFolder();
        WriteIndex(folder, ("a", shard));
        AssertFails(folder, Index, "'a'");
    }

    [Fact]
    public void A_shard_that_is_not_there_is_named()
    {
        using var folder = new TempFolder();
        WriteShard(folder, "model-1.safetensors", "a");
        WriteIndex(folder, ("a", "model-1.safetensors"), ("b", "model-2.safetensors"));
        AssertFails(folder, "model-2.safetensors");
    }

    [Fact]
    public void A_tensor_that_the_index_or_its_shard_lacks_is_named()
    {
        using var folder = new TempFolder();
        WriteShard(folder, "model-1.safetensors", "a");
        WriteIndex(folder, ("a", "model-1.safetensors"), ("b", "model-1.safetensors"));
        using var files = WeightFiles.Open(folder.Path);
        Assert.Equal([1f, 2f], files.Holding("a").ReadFloats("a", 2));
        Assert.Contains("model-1.safetensors: tensor 'b'", Assert.Throws<ModelFormatException>(() => files.Holding("b").ReadFloats("b", 2)).Message, StringComparison.Ordinal);
        Assert.Contains(Index + ": 'weight_map' lacks tensor 'c'", Assert.Throws<ModelFormatException>(() => files.Holding("c")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"weight_map":[]}""")]
    [InlineData("""{"weight_map":{}}""")]
    [InlineData("""{"weight_map":{"a":1}}""")]
    public void A_broken_index_is_named(string json)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File(Index), json);
        AssertFails(folder, Index, "weight_map");
    }

    [Fact]
    public void The_single_file_comes_before_an_index()
    {
        using var folder = new TempFolder();
        WriteShard(folder, "model.safetensors", "a");
        WriteIndex(folder, ("a", "gone.safetensors"));
        using var files = WeightFiles.Open(folder.Path);
        Assert.Equal([1f, 2f], files.Holding("a").ReadFloats("a", 2));
    }

    [Fact]
    public void A_tensor_that_the_configuration_gives_no_place_is_refused()
    {
        using var folder = new TempFolder();
        TinyModel.DenseF32().Write(folder.Path, config => config["num_hidden_layers"] = 1);
        Assert.Contains("model.layers.1.", Assert.Throws<ModelFormatException>(() => LanguageModel.Load(folder.Path)).Message, StringComparison.Ordinal);
    }

    private static void AssertFails(TempFolder folder, params string[] words)
    {
        var error = Assert.Throws<ModelFormatException>(() => WeightFiles.Open(folder.Path));
        Assert.All(words, word => Assert.Contains(word, error.Message, StringComparison.Ordinal));
    }

    private static void WriteShard(TempFolder folder, string name, string tensor)
    {
        var writer = new SafetensorsWriter();
        writer.Add(tensor, "F32", [2], [.. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(2f)]);
        writer.Save(folder.File(name));
    }

    private static void WriteIndex(TempFolder folder, params (string Tensor, string Shard)[] entries)
    {
        var map = new JsonObject();
        foreach (var (tensor, shard) in entries)
            map[tensor] = shard;
        File.WriteAllText(folder.File(Index), new JsonObject { ["metadata"] = new JsonObject(), ["weight_map"] = map }.ToJsonString());
    }
}
