using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Mka1.Edge.Gateway.Commands;
using Mka1.Edge.Policies.Routing;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>Promise: the routing commands read and write what they say, through the classifier that serves requests.</summary>
public sealed class ScoresPromptsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("routing");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("prompts.jsonl")]
    [InlineData("prompts.jsonl.gz")]
    public async Task A_file_of_prompts_is_scored_line_by_line(string name)
    {
        await WriteAsync(name, """
            {"id":"a","prompt":"Summarize this in one sentence: it rained.","more":1}

            {"id":"b","prompt":"اس کا ترجمہ کریں"}
            {"id":"c","prompt":""}
            """);
        Assert.Equal(0, await EdgeCommands.RunAsync(["routing", "score", "--in", At(name), "--out", At("scores.jsonl")]));
        var lines = (await File.ReadAllLinesAsync(At("scores.jsonl"))).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(["a", "b", "c"], lines.Select(line => line.GetProperty("id").GetString()));
        Assert.Equal(["quantized", "quantized", "moe"], lines.Select(line => line.GetProperty("tier").GetString()));
        Assert.All(lines, line => Assert.InRange(line.GetProperty("score").GetDouble(), 0, 1));
        Assert.Equal(
            ComplexityClassifier.BuiltIn.Score(ComplexityFacts.None with { Prompt = "Summarize this in one sentence: it rained." }).Probability,
            lines[0].GetProperty("score").GetDouble());
    }

    [Theory]
    [InlineData("{\"id\":\"a\",\"prompt\":\"x\"}\nnonsense", "line 2")]
    [InlineData("{\"id\":\"a\"}", "line 1: 'prompt' is missing")]
    [InlineData("\n\n{\"id\":7,\"prompt\":\"x\"}", "line 3: 'id' is missing or is no string")]
    [InlineData("[]", "line 1: an object is expected")]
    public async Task A_bad_line_is_named(string text, string fault)
    {
        await WriteAsync("bad.jsonl", text);
        var error = Assert.Throws<InvalidDataException>(() => JsonLines.Read(new FileInfo(At("bad.jsonl")), line => JsonLines.Text(line, "id") + JsonLines.Text(line, "prompt")).ToArray());
        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
        Assert.Equal(1, await EdgeCommands.RunAsync(["routing", "score", "--in", At("bad.jsonl"), "--out", At("scores.jsonl")]));
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_a_fault_and_no_crash() =>
        Assert.Equal(1, await EdgeCommands.RunAsync(["routing", "score", "--in", At("none.jsonl"), "--out", At("scores.jsonl")]));

    [Fact]
    public async Task A_request_body_is_explained()
    {
        await WriteAsync("body.json", """{"model":"m","auto_routing":true,"input":"Compare these plans.","text":{"format":{"type":"json_object"}}}""");
        Assert.Equal(0, await EdgeCommands.RunAsync(["routing", "explain", At("body.json")]));
        await WriteAsync("bad.json", "{}");
        Assert.Equal(1, await EdgeCommands.RunAsync(["routing", "explain", At("bad.json")]));
    }

    [Fact]
    public async Task Weights_are_trained_from_a_folder_and_used_by_score()
    {
        var data = _folder.CreateSubdirectory("data");
        var rows = Enumerable.Range(0, 300).Select(i =>
            $$"""{"id":"toy-{{i % 3}}-{{i}}","benchmark":"toy","prompt":"{{(i % 2 == 0 ? "Integrate the tensor" : "Name the colour")}} of thing {{i}} and {{i * 7}} now","weak_score":{{i % 2}},"strong_score":1}""");
        await WriteAsync("data/toy.jsonl.gz", string.Join('\n', rows));
        Assert.Equal(0, await EdgeCommands.RunAsync(["routing", "train", "--data", data.FullName, "--out", At("w.json"), "--plots", At("plots")]));
        Assert.StartsWith("<svg", await File.ReadAllTextAsync(At("plots/calibration.svg")), StringComparison.Ordinal);
        var provenance = JsonDocument.Parse(await File.ReadAllBytesAsync(At("w.json"))).RootElement.GetProperty("provenance");
        var set = provenance.GetProperty("sets")[0];
        Assert.Equal(("toy.jsonl.gz", 300, 64), (set.GetProperty("name").GetString(), set.GetProperty("rows").GetInt32(), set.GetProperty("sha256").GetString()!.Length));
        await WriteAsync("p.jsonl", "{\"id\":\"hard\",\"prompt\":\"Integrate the tensor of thing 5 and 6 now\"}\n{\"id\":\"easy\",\"prompt\":\"Name the colour of thing 5 and 6 now\"}");
        Assert.Equal(0, await EdgeCommands.RunAsync(["routing", "score", "--in", At("p.jsonl"), "--out", At("s.jsonl"), "--weights", At("w.json")]));
        var scores = (await File.ReadAllLinesAsync(At("s.jsonl"))).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("score").GetDouble()).ToArray();
        Assert.True(scores[0] > scores[1]);
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private async Task WriteAsync(string name, string text)
    {
        await using var file = File.Create(At(name));
        await using var stream = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest) : (Stream)file;
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text));
    }
}
