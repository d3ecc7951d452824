using System.Text.Json;
using Mka1.Edge.Inference.Chat;
using Mka1.Edge.Inference.Models;

namespace Mka1.Edge.Inference.Tests.Support;

/// <summary>The trained demo family that is committed with the repository, and the files that say what it must answer.</summary>
internal static class DemoModels
{
    public static readonly string[] Variants = ["mka1-mini-dense", "mka1-mini-moe", "mka1-mini-int8", "mka1-mini-quantized"];

    /// <summary>The folder that holds Mka1.Edge.sln, or the one that MKA1_MODELS_ROOT names.</summary>
    public static string Root { get; } = Environment.GetEnvironmentVariable("MKA1_MODELS_ROOT") ?? FindRoot();

    public static LanguageModel Load(string variant, ModelLoadOptions? options = null) => LanguageModel.Load(Directory(variant), options);

    public static string Directory(string variant) => Path.Combine(Root, "backends", "models", variant);

    /// <summary>The lines of tests/golden/models/NAME.jsonl.</summary>
    public static IEnumerable<JsonElement> Golden(string name) => Lines(Path.Combine(Root, "tests", "golden", "models", name + ".jsonl"));

    /// <summary>The questions the training data does not hold.</summary>
    public static IEnumerable<JsonElement> HeldOut() => Lines(Path.Combine(Root, "backends", "models", "training", "heldout.jsonl"));

    /// <summary>The prompt of a line with instructions, tools and input in the form of the Responses API.</summary>
    public static ChatPrompt Prompt(JsonElement line) => new()
    {
        Instructions = Text(line, "instructions"),
        Tools = line.TryGetProperty("tools", out var tools) && tools.ValueKind == JsonValueKind.Array ? [.. tools.EnumerateArray().Select(Tool)] : [],
        Turns = [.. line.GetProperty("input").EnumerateArray().Select(Turn)],
    };

    private static ChatTool Tool(JsonElement tool) => new(Text(tool, "name")!, Text(tool, "description"), tool.GetProperty("parameters").GetRawText());

    private static ChatTurn Turn(JsonElement item) => Text(item, "type") switch
    {
        "message" => new ChatTurn.Message(
            Text(item, "role") switch { "user" => ChatRole.User, "assistant" => ChatRole.Assistant, _ => ChatRole.System },
            Text(item, "content")!),
        "function_call" => new ChatTurn.ToolCall(Text(item, "name")!, Text(item, "arguments")!),
        _ => new ChatTurn.ToolResult(Text(item, "output")!),
    };

    private static string? Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static IEnumerable<JsonElement> Lines(string path)
    {
        foreach (var line in File.ReadLines(path))
        {
            using var document = JsonDocument.Parse(line);
            yield return document.RootElement.Clone();
        }
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Mka1.Edge.sln")))
                return folder.FullName;
        }
        throw new InvalidOperationException("No folder above the tests holds Mka1.Edge.sln.");
    }
}
