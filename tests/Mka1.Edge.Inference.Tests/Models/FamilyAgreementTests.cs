using System.Text.Json;
using Mka1.Edge.Inference.Models;
using Mka1.Edge.Inference.Tests.Support;
using Mka1.Edge.Inference.Weights;

namespace Mka1.Edge.Inference.Tests.Models;

public sealed class FamilyAgreementTests
{
    private static readonly string Folder = Path.Combine(DemoModels.Root, "tests", "golden", "layouts");
    private static readonly Dictionary<string, JsonElement> Cases = Read();

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_family_and_rope_scaling_agrees_with_a_plain_forward_pass(string name)
    {
        var golden = Cases[name];
        var weights = Load(name);
        var ids = golden.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()).ToArray();
        var positions = golden.GetProperty("positions").EnumerateArray().Select(position => position.GetInt32()).ToArray();

        using var runner = new SequenceRunner(weights, threads: 2, capacity: ids.Length);
        var logits = Array.Empty<float>();
        for (var i = 0; i < positions.Length; i++)
        {
            foreach (var block in ids[runner.Length..(positions[i] + 1)].Chunk(SequenceRunner.MaxStepTokens))
                logits = runner.Append(block);
            var expected = golden.GetProperty("logits")[i].EnumerateArray().Select(value => value.GetDouble()).ToArray();
            AssertClose(expected, logits, $"position {positions[i]}");
        }
    }

    [Fact]
    public void All_families_are_covered()
    {
        var covered = Cases.Values.Select(golden => golden.GetProperty("config").GetProperty("architectures")[0].GetString()).ToHashSet();
        Assert.Equal(Enum.GetNames<ModelFamily>().Select(family => family + "ForCausalLM").Order(), covered.Order());
    }

    [Fact]
    public void Parameters_of_every_kind_are_counted()
    {
        foreach (var golden in Cases.Values)
        {
            using var folder = Copy(golden);
            var (config, family) = ModelConfigFile.Read(folder.Path);
            long stored = 0;
            foreach (var file in Directory.GetFiles(folder.Path, "*.safetensors"))
            {
                using var shard = SafetensorsFile.Open(file);
                stored += shard.Tensors.Sum(tensor => tensor.Shape.Aggregate(1L, (a, b) => a * b));
            }
            Assert.Equal(stored, WeightLoader.Load(folder.Path, config, family).Parameters);
        }
    }

    internal static TransformerWeights Load(string name)
    {
        using var folder = Copy(Cases[name]);
        var (config, family) = ModelConfigFile.Read(folder.Path);
        return WeightLoader.Load(folder.Path, config, family);
    }

    private static TempFolder Copy(JsonElement golden)
    {
        var folder = new TempFolder();
        foreach (var file in Directory.GetFiles(Path.Combine(Folder, "weights", golden.GetProperty("weights").GetString()!)))
            File.Copy(file, folder.File(Path.GetFileName(file)));
        File.WriteAllText(folder.File("config.json"), golden.GetProperty("config").GetRawText());
        return folder;
    }

    private static void AssertClose(double[] expected, ReadOnlySpan<float> actual, string where)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) < 2e-4 * (1 + Math.Abs(expected[i])), $"{where}, logit {i}: expected {expected[i]}, got {actual[i]}");
    }

    private static Dictionary<string, JsonElement> Read()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "families.json")));
        return document.RootElement.EnumerateArray().ToDictionary(golden => golden.GetProperty("name").GetString()!, golden => golden.Clone());
    }
}
