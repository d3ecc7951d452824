using System.Text.Json;
using Mka1.Edge.ModelServer.Commands;
using Mka1.Edge.ModelServer.Tests.Support;

namespace Mka1.Edge.ModelServer.Tests.Commands;

/// <summary>Promise: a quantized model is made and scored from the command line, and what cannot be done is told with status 1.</summary>
public sealed class ModelCommandsTests : IDisposable
{
    private static readonly string Dense = TrainedModels.Directory("mka1-mini-dense");

    private readonly string _folder = Directory.CreateTempSubdirectory("mka1-commands-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("8", 2)]
    [InlineData("4", 3)]
    public async Task A_model_is_quantized_then_scored(string bits, int mostWrong)
    {
        var made = Path.Combine(_folder, "made");
        var (status, said, _) = await RunAsync("quantize", "--bits", bits, "--in", Dense, "--out", made);
        Assert.Equal(0, status);
        Assert.Contains("38 tensors", said, StringComparison.Ordinal);

        var cases = Path.Combine(_folder, "cases.jsonl");
        var heldOut = Path.Combine(Path.GetDirectoryName(Dense)!, "training", "heldout.jsonl");
        await File.WriteAllLinesAsync(cases, File.ReadLines(heldOut).Where(line => line.Contains("\"kind\": \"capital\"", StringComparison.Ordinal)).Take(10));
        var counts = Path.Combine(_folder, "counts.json");
        (status, said, _) = await RunAsync("evaluate", "--model", made, "--cases", cases, "--output", counts);
        Assert.Equal(0, status);
        Assert.Contains("capital", said, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(counts));
        Assert.Equal(10, json.RootElement.GetProperty("heldout").GetProperty("capital").GetProperty("count").GetInt32());
        Assert.InRange(json.RootElement.GetProperty("overall").GetProperty("correct").GetInt32(), 10 - mostWrong, 10);
    }

    [Fact]
    public async Task Two_models_are_compared_case_by_case()
    {
        var cases = Path.Combine(_folder, "cases.jsonl");
        string[] lines =
        [
            """{"kind":"a","input":[{"type":"message","role":"user","content":"What is the capital of France?"}],"expected":"The capital of France is Paris.","match":"exact"}""",
            """{"kind":"b","input":[{"type":"message","role":"user","content":"What is the capital of France?"}],"expected":"Nothing of the kind.","match":"exact"}""",
        ];
        await File.WriteAllLinesAsync(cases, lines);
        var counts = Path.Combine(_folder, "counts.json");

        var (status, said, _) = await RunAsync("evaluate", "--model", Dense, "--against", Dense + "/", "--cases", cases, "--output", counts);

        Assert.Equal(0, status);
        Assert.Contains("p = 1", said, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(counts));
        var against = json.RootElement.GetProperty("against");
        Assert.Equal("mka1-mini-dense", against.GetProperty("model").GetString());
        Assert.Equal(1, against.GetProperty("overall").GetProperty("correct").GetInt32());
        Assert.Equal("""{"onlyThis":0,"onlyAgainst":0,"pValue":1}""", JsonSerializer.Serialize(against.GetProperty("compared").GetProperty("a")));
    }

    [Fact]
    public async Task What_cannot_be_done_is_said_on_the_error_stream()
    {
        var (status, _, error) = await RunAsync("quantize", "--bits", "8", "--in", Dense, "--out", _folder);
        Assert.Equal(1, status);
        Assert.Contains("exists already", error, StringComparison.Ordinal);

        (status, _, error) = await RunAsync("quantize", "--bits", "3", "--in", Dense, "--out", Path.Combine(_folder, "made"));
        Assert.Equal(1, status);
        Assert.Contains("'3'", error, StringComparison.Ordinal);

        var cases = Path.Combine(_folder, "cases.jsonl");
        await File.WriteAllTextAsync(cases, """{"kind":"a","input":[],"expected":"b","match":"nearly"}""");
        (status, _, error) = await RunAsync("evaluate", "--model", Dense, "--cases", cases);
        Assert.Equal(1, status);
        Assert.Contains("line 1", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_else_is_for_the_host()
    {
        Assert.True(ModelCommands.Named(["quantize"]));
        Assert.False(ModelCommands.Named(["--model", "quantize"]));
        Assert.False(ModelCommands.Named([]));
    }

    private static async Task<(int Status, string Output, string Error)> RunAsync(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var status = await ModelCommands.RunAsync(args, output, error);
        return (status, output.ToString(), error.ToString());
    }
}
