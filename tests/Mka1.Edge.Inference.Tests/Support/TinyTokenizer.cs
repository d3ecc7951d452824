using System.Text.Json;
using System.Text.Json.Nodes;
using Mka1.Edge.Inference.Tokenization;

namespace Mka1.Edge.Inference.Tests.Support;

/// <summary>A tokenizer of five control tokens, 256 bytes and a few merges.</summary>
internal static class TinyTokenizer
{
    public static readonly string[] Special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<tool_call>", "</tool_call>"];

    // "Ġ" stands for the space.
    private static readonly string[] Merges =
    [
        "t h", "th e", "i n", "a n", "Ġ the", "e r", "h e", "l l", "o u", "n ame", "m e", "a me", "\" :", "{ \"", "\" }", "\" ,", "Ø ¨", "1 2", "0 0",
    ];

    public static int Size { get; } = Vocabulary().Count + Special.Length;

    public static Tokenizer Load()
    {
        using var folder = new TempFolder();
        Write(folder.Path);
        return Tokenizer.Load(folder.Path);
    }

    /// <summary>Writes the tokenizer's three files, the first after an optional change.</summary>
    public static void Write(string directory, Action<JsonObject>? change = null, string tokenizerConfig = "{}")
    {
        var tokenizer = Describe();
        change?.Invoke(tokenizer);
        File.WriteAllText(Path.Combine(directory, "tokenizer.json"), tokenizer.ToJsonString());
        File.WriteAllText(Path.Combine(directory, "tokenizer_config.json"), tokenizerConfig);
        File.WriteAllText(Path.Combine(directory, "generation_config.json"), """{"eos_token_id":[2,0]}""");
    }

    private static JsonObject Describe() => new()
    {
        ["added_tokens"] = new JsonArray([.. Special.Select((content, id) => (JsonNode)new JsonObject { ["id"] = id, ["content"] = content, ["special"] = true })]),
        ["normalizer"] = null,
        ["pre_tokenizer"] = new JsonObject
        {
            ["type"] = "Sequence",
            ["pretokenizers"] = new JsonArray(
                new JsonObject { ["type"] = "Split", ["pattern"] = new JsonObject { ["Regex"] = PreTokenizer.Pattern }, ["behavior"] = "Isolated", ["invert"] = false },
                new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["use_regex"] = false }),
        },
        ["model"] = new JsonObject
        {
            ["type"] = "BPE",
            ["vocab"] = JsonSerializer.SerializeToNode(Vocabulary()),
            ["merges"] = JsonSerializer.SerializeToNode(UsableMerges()),
        },
    };

    private static Dictionary<string, int> Vocabulary()
    {
        var vocabulary = new Dictionary<string, int>();
        for (var b = 0; b < 256; b++)
            vocabulary.Add(ByteAlphabet.CharOf((byte)b).ToString(), Special.Length + b);
        foreach (var merge in UsableMerges())
            vocabulary.TryAdd(merge.Replace(" ", "", StringComparison.Ordinal), Special.Length + vocabulary.Count);
        return vocabulary;
    }

    private static string[] UsableMerges()
    {
        var known = new HashSet<string>(Enumerable.Range(0, 256).Select(b => ByteAlphabet.CharOf((byte)b).ToString()));
        return [.. Merges.Where(merge => merge.Split(' ').All(known.Contains) && known.Add(merge.Replace(" ", "", StringComparison.Ordinal)))];
    }
}
