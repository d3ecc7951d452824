using System.Text.Json;
using Mka1.Edge.Inference.Tests.Support;
using Mka1.Edge.Inference.Torch.Tests.Support;

namespace Mka1.Edge.Inference.Torch.Tests;

public sealed class FamilyTests
{
    private static readonly string Folder = Path.Combine(DemoModels.Root, "tests", "golden", "layouts");
    private static readonly Dictionary<string, JsonElement> Cases = Read();

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_family_and_rope_scaling_agrees_with_a_plain_forward_pass(string name)
    {
        var golden = Cases[name];
        using var folder = Copy(golden);
        var ids = golden.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()).ToArray();
        var pages = (ids.Length / 32) + 1;
        using var runner = TorchModelRunner.Load(folder.Path, new() { Device = TorchModels.Device, DataType = "fp32", PageCount = pages, PageSize = 32, MaxStepTokens = ids.Length });
        var sequence = new PagedSequence(runner, [.. Enumerable.Range(0, pages)]);
        var done = 0;
        foreach (var (position, expected) in golden.GetProperty("positions").EnumerateArray().Zip(golden.GetProperty("logits").EnumerateArray()))
        {
            var end = position.GetInt32() + 1;
            TorchModels.AssertClose([.. expected.EnumerateArray().Select(value => value.GetDouble())], sequence.Run(ids[done..end]), 2e-4);
            done = end;
        }
        Assert.True(done > 0);
    }

    private static TempFolder Copy(JsonElement golden)
    {
        var folder = new TempFolder();
        foreach (var file in Directory.GetFiles(Path.Combine(Folder, "weights", golden.GetProperty("weights").GetString()!)))
            File.Copy(file, folder.File(Path.GetFileName(file)));
        File.WriteAllText(folder.File("config.json"), golden.GetProperty("config").GetRawText());
        return folder;
    }

    private static Dictionary<string, JsonElement> Read()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "families.json")));
        return document.RootElement.EnumerateArray().ToDictionary(golden => golden.GetProperty("name").GetString()!, golden => golden.Clone());
    }
}
