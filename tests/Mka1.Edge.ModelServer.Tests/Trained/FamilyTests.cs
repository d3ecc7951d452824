using System.Text.Json;
using Mka1.Edge.ModelServer.Commands;
using Mka1.Edge.ModelServer.Tests.Support;
using Xunit.Abstractions;

namespace Mka1.Edge.ModelServer.Tests.Trained;

/// <summary>Promise: there is something to trade between the members of the family: what costs more is right more often on hard requests.</summary>
public sealed class FamilyTests(ITestOutputHelper output)
{
    // So that it happens once in a thousand times between equals.
    private const double Chance = 0.001;

    [Fact]
    public async Task The_dense_member_is_better_on_the_hard_kinds_than_the_quantized_one_and_not_by_chance()
    {
        var (dense, quantized) = (TrainedModels.Directory("mka1-mini-dense"), TrainedModels.Directory("mka1-mini-quantized"));
        var cases = Path.Combine(Path.GetDirectoryName(dense)!, "training", "heldout-hard.jsonl");
        var measured = Path.GetTempFileName();
        using var said = new StringWriter();
        try
        {
            Assert.Equal(0, await ModelCommands.RunAsync(["evaluate", "--model", dense, "--against", quantized, "--cases", cases, "--output", measured], said, said));
            using var now = JsonDocument.Parse(await File.ReadAllBytesAsync(measured));
            using var stated = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(dense, "evaluation-hard.json")));

            var compared = now.RootElement.GetProperty("against").GetProperty("comparedOverall");
            Assert.True(compared.GetProperty("onlyThis").GetInt32() > compared.GetProperty("onlyAgainst").GetInt32(), said.ToString());
            Assert.InRange(compared.GetProperty("pValue").GetDouble(), 0, Chance);

            // Kernels of other processors add in another order: a few answers may differ from those the card counts.
            Assert.Equal(Overall(stated.RootElement).Count, Overall(now.RootElement).Count);
            Assert.InRange(Percent(now.RootElement) - Percent(stated.RootElement), -2, 2);
            Assert.InRange(Percent(now.RootElement.GetProperty("against")) - Percent(stated.RootElement.GetProperty("against")), -2, 2);
        }
        finally
        {
            output.WriteLine(said.ToString());
            File.Delete(measured);
        }
    }

    [Fact]
    public void The_quantized_member_is_the_smallest_file_of_the_family()
    {
        string[] others = ["mka1-mini-dense", "mka1-mini-moe", "mka1-mini-int8"];
        Assert.All(others, other => Assert.True(Weights("mka1-mini-quantized") < Weights(other), other));

        static long Weights(string model) => new FileInfo(Path.Combine(TrainedModels.Directory(model), "model.safetensors")).Length;
    }

    private static (int Count, int Correct) Overall(JsonElement evaluation)
    {
        var overall = evaluation.GetProperty("overall");
        return (overall.GetProperty("count").GetInt32(), overall.GetProperty("correct").GetInt32());
    }

    private static double Percent(JsonElement evaluation)
    {
        var (count, correct) = Overall(evaluation);
        return 100.0 * correct / count;
    }
}
