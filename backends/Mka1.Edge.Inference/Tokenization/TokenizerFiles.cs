using System.Text.Json;
using Mka1.Edge.Inference.Weights;

namespace Mka1.Edge.Inference.Tokenization;

/// <summary>Reads a tokenizer from its files and refuses what this implementation would silently do differently.</summary>
internal static class TokenizerFiles
{
    // Far above any real vocabulary; keeps a corrupt id from asking for gigabytes.
    private const int MaxId = 4_000_000;

    public static (Token[] Tokens, Dictionary<string, int> Special, BytePairEncoder Encoder) Read(string directory)
    {
        using var file = JsonFile.Open(directory, "tokenizer.json");
        CheckPipeline(file);
        using (var config = JsonFile.Open(directory, "tokenizer_config.json"))
        {
            if (config.Flag("add_bos_token", false) || config.Flag("add_eos_token", false))
                throw config.Error("add_bos_token", "or add_eos_token is true; tokens added to every text are not supported.");
        }

        var vocabulary = ReadVocabulary(file);
        var special = ReadAddedTokens(file);
        var endOfTurn = ReadEndOfTurn(directory, special);

        var tokens = new Token[vocabulary.Values.Concat(special.Values).Max() + 1];
        for (var id = 0; id < tokens.Length; id++)
            tokens[id] = new Token(id, default, TokenKind.Unused);
        foreach (var (entry, id) in vocabulary)
        {
            var bytes = ByteAlphabet.Decode(entry) ?? (special.ContainsKey(entry) ? [] : throw file.Error("model.vocab", $"holds '{entry}', which is no byte-level token."));
            tokens[id] = new Token(id, bytes, TokenKind.Text);
        }
        foreach (var id in special.Values)
            tokens[id] = new Token(id, default, endOfTurn.Contains(id) ? TokenKind.EndOfTurn : TokenKind.Special);

        return (tokens, special, new BytePairEncoder(ReadByteIds(file, vocabulary), ReadMerges(file, vocabulary)));
    }

    private static void CheckPipeline(JsonFile file)
    {
        if (file.Find("normalizer") is { } normalizer)
            throw file.Error("normalizer", $"is {normalizer.GetRawText()}; only null is supported.");
        if (file.Find("post_processor") is { } post && Text(post, "type") != "ByteLevel")
            throw file.Error("post_processor", $"has type '{Text(post, "type")}'; only ByteLevel, which adds no tokens, is supported.");

        var steps = file.Require("pre_tokenizer");
        var list = Text(steps, "type") == "Sequence" && JsonFile.Find(steps, "pretokenizers") is { ValueKind: JsonValueKind.Array } array
            ? array.EnumerateArray().ToArray()
            : [];
        if (list.Length != 2 || Text(list[0], "type") != "Split" || Text(list[1], "type") != "ByteLevel")
            throw file.Error("pre_tokenizer", "is not the sequence Split, ByteLevel.");
        var pattern = JsonFile.Find(list[0], "pattern") is { } p ? Text(p, "Regex") : null;
        if (pattern != PreTokenizer.Pattern)
            throw file.Error("pre_tokenizer", $"splits by the pattern '{pattern}'; only Qwen2's is supported: {PreTokenizer.Pattern}");
        if (Text(list[0], "behavior") != "Isolated" || IsTrue(list[0], "invert"))
            throw file.Error("pre_tokenizer", "must split with behavior Isolated, not inverted.");
        if (IsTrue(list[1], "add_prefix_space") || IsTrue(list[1], "use_regex"))
            throw file.Error("pre_tokenizer", "has a ByteLevel step with add_prefix_space or use_regex; neither is supported.");

        var model = file.Require("model");
        if (Text(model, "type") != "BPE")
            throw file.Error("model.type", $"is '{Text(model, "type")}'; only BPE is supported.");
        foreach (var key in new[] { "byte_fallback", "ignore_merges", "fuse_unk" })
        {
            if (IsTrue(model, key))
                throw file.Error("model." + key, "is true, which is not supported.");
        }
        foreach (var key in new[] { "continuing_subword_prefix", "end_of_word_suffix" })
        {
            if (!string.IsNullOrEmpty(Text(model, key)))
                throw file.Error("model." + key, "is set, which is not supported.");
        }
    }

    private static Dictionary<string, int> ReadVocabulary(JsonFile file)
    {
        if (JsonFile.Find(file.Root.GetProperty("model"), "vocab") is not { ValueKind: JsonValueKind.Object } vocab)
            throw file.Error("model.vocab", "is missing.");
        var result = new Dictionary<string, int>(StringComparer.Ordinal);
        var seen = new HashSet<int>();
        foreach (var entry in vocab.EnumerateObject())
        {
            var id = ReadId(file, $"model.vocab.{entry.Name}", entry.Value);
            if (!seen.Add(id))
                throw file.Error("model.vocab", $"gives the id {id} to two tokens.");
            result.Add(entry.Name, id);
        }
        return result;
    }

    private static Dictionary<string, int> ReadAddedTokens(JsonFile file)
    {
        var result = new Dictionary<string, int>(StringComparer.Ordinal);
        if (file.Find("added_tokens") is not { ValueKind: JsonValueKind.Array } added)
            return result;
        foreach (var token in added.EnumerateArray())
        {
            var content = Text(token, "content") ?? throw file.Error("added_tokens", "has an entry without content.");
            var id = JsonFile.Find(token, "id") ?? throw file.Error("added_tokens", $"has no id for '{content}'.");
            if (!result.TryAdd(content, ReadId(file, "added_tokens", id)))
                throw file.Error("added_tokens", $"lists '{content}' twice.");
        }
        return result;
    }

    private static HashSet<int> ReadEndOfTurn(string directory, Dictionary<string, int> special)
    {
        using var file = JsonFile.Open(directory, "generation_config.json");
        var value = file.Require("eos_token_id");
        var ids = (value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().ToArray() : [value])
            .Select(v => ReadId(file, "eos_token_id", v)).ToHashSet();
        if (ids.Count == 0 || !ids.All(special.ContainsValue))
            throw file.Error("eos_token_id", "must list added tokens of tokenizer.json, at least one.");
        return ids;
    }

    private static int[] ReadByteIds(JsonFile file, Dictionary<string, int> vocabulary)
    {
        var ids = new int[256];
        for (var b = 0; b < 256; b++)
        {
            if (!vocabulary.TryGetValue(ByteAlphabet.CharOf((byte)b).ToString(), out ids[b]))
                throw file.Error("model.vocab", $"has no token for the byte 0x{b:X2}; byte-level BPE needs all 256.");
        }
        return ids;
    }

    private static Dictionary<(int, int), (int, int)> ReadMerges(JsonFile file, Dictionary<string, int> vocabulary)
    {
        if (JsonFile.Find(file.Root.GetProperty("model"), "merges") is not { ValueKind: JsonValueKind.Array } merges)
            throw file.Error("model.merges", "is missing.");
        var result = new Dictionary<(int, int), (int, int)>(merges.GetArrayLength());
        var rank = 0;
        foreach (var merge in merges.EnumerateArray())
        {
            // Written as "a b" by older versions of the library, as ["a","b"] by newer ones.
            var pair = merge.ValueKind switch
            {
                JsonValueKind.String => merge.GetString()!.Split(' '),
                JsonValueKind.Array => merge.EnumerateArray().Select(part => part.GetString() ?? "").ToArray(),
                _ => [],
            };
            if (pair.Length != 2
                || !vocabulary.TryGetValue(pair[0], out var left)
                || !vocabulary.TryGetValue(pair[1], out var right)
                || !vocabulary.TryGetValue(pair[0] + pair[1], out var merged))
            {
                throw file.Error("model.merges", $"has an entry that is no pair of tokens: {merge.GetRawText()}");
            }
            result.TryAdd((left, right), (rank++, merged));
        }
        return result;
    }

    private static int ReadId(JsonFile file, string key, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var id) && id is >= 0 and < MaxId
            ? id
            : throw file.Error(key, $"is {value.GetRawText()}; expected a token id.");

    private static string? Text(JsonElement parent, string key) =>
        JsonFile.Find(parent, key) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static bool IsTrue(JsonElement parent, string key) => JsonFile.Find(parent, key) is { ValueKind: JsonValueKind.True };
}
