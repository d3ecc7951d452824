using System.Text.Json;
using Mka1.Edge.Inference.Weights;

namespace Mka1.Edge.Inference.Tokenization;

/// <summary>The <c>model</c> of <c>tokenizer.json</c>: a BPE vocabulary with its merges.</summary>
internal static class VocabularySection
{
    // Far above any real vocabulary; keeps a corrupt id from asking for gigabytes.
    private const int MaxId = 4_000_000;

    public static Dictionary<string, int> Read(JsonFile file)
    {
        var model = file.Require("model");

        // Older files leave the type out.
        if ((JsonSections.Text(model, "type") ?? "BPE") != "BPE")
            throw file.Error("model.type", $"is '{JsonSections.Text(model, "type")}'; only BPE is supported.");
        foreach (var key in new[] { "continuing_subword_prefix", "end_of_word_suffix" })
        {
            if (!string.IsNullOrEmpty(JsonSections.Text(model, key)))
                throw file.Error("model." + key, "is set, which is not supported.");
        }
        if (JsonFile.Find(model, "dropout") is { } dropout && !(dropout.ValueKind == JsonValueKind.Number && dropout.GetDouble() == 0))
            throw file.Error("model.dropout", $"is {dropout.GetRawText()}, which is not supported.");

        if (JsonFile.Find(model, "vocab") is not { ValueKind: JsonValueKind.Object } vocab)
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
        return result.Count > 0 ? result : throw file.Error("model.vocab", "is empty.");
    }

    public static IPieceSymbols Symbols(JsonFile file, Dictionary<string, int> vocabulary, bool isByteLevel)
    {
        var model = file.Root.GetProperty("model");
        var whole = JsonSections.IsTrue(model, "ignore_merges");
        if (isByteLevel)
            return new ByteSymbols(ByteIds(file, vocabulary, b => ByteAlphabet.CharOf(b).ToString()), whole ? vocabulary : null);
        int? unknown = JsonSections.Text(model, "unk_token") is not { } name ? null
            : vocabulary.TryGetValue(name, out var id) ? id
            : throw file.Error("model.unk_token", $"is '{name}', which model.vocab lacks.");
        var bytes = JsonSections.IsTrue(model, "byte_fallback") ? ByteIds(file, vocabulary, b => $"<0x{b:X2}>") : null;
        return new CharacterSymbols(vocabulary, bytes, unknown, JsonSections.IsTrue(model, "fuse_unk"), whole);
    }

    public static Dictionary<(int, int), (int, int)> ReadMerges(JsonFile file, Dictionary<string, int> vocabulary)
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
                JsonValueKind.Array => merge.EnumerateArray().Select(part => part.ValueKind == JsonValueKind.String ? part.GetString()! : "").ToArray(),
                _ => [],
            };
            if (pair.Length != 2
                || !vocabulary.TryGetValue(pair[0], out var left)
                || !vocabulary.TryGetValue(pair[1], out var right)
                || !vocabulary.TryGetValue(pair[0] + pair[1], out var merged))
            {
                throw file.Error("model.merges", $"has an entry that is no pair of tokens: {merge.GetRawText()}");
            }
            result[(left, right)] = (rank++, merged);
        }
        return result;
    }

    public static int ReadId(JsonFile file, string key, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var id) && id is >= 0 and < MaxId
            ? id
            : throw file.Error(key, $"is {value.GetRawText()}; expected a token id.");

    private static int[] ByteIds(JsonFile file, Dictionary<string, int> vocabulary, Func<byte, string> spell)
    {
        var ids = new int[256];
        for (var b = 0; b < 256; b++)
        {
            if (!vocabulary.TryGetValue(spell((byte)b), out ids[b]))
                throw file.Error("model.vocab", $"has no token for the byte 0x{b:X2}; all 256 are needed.");
        }
        return ids;
    }
}
