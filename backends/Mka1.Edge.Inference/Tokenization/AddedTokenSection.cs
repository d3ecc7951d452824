using System.Text.Json;
using Mka1.Edge.Inference.Weights;

namespace Mka1.Edge.Inference.Tokenization;

/// <summary>The <c>added_tokens</c> of <c>tokenizer.json</c>.</summary>
internal static class AddedTokenSection
{
    public static List<AddedToken> Read(JsonFile file)
    {
        var result = new List<AddedToken>();
        if (file.Find("added_tokens") is not { ValueKind: JsonValueKind.Array } added)
            return result;
        var contents = new HashSet<string>(StringComparer.Ordinal);
        var ids = new HashSet<int>();
        foreach (var token in added.EnumerateArray())
        {
            var content = JsonSections.Text(token, "content") is { Length: > 0 } text ? text : throw file.Error("added_tokens", "has an entry without content.");
            var id = VocabularySection.ReadId(file, "added_tokens", JsonFile.Find(token, "id") ?? throw file.Error("added_tokens", $"has no id for '{content}'."));
            if (!contents.Add(content))
                throw file.Error("added_tokens", $"lists '{content}' twice.");
            if (!ids.Add(id))
                throw file.Error("added_tokens", $"gives the id {id} to two tokens.");
            if (JsonSections.IsTrue(token, "single_word"))
                throw file.Error("added_tokens", $"marks '{content}' as single_word, which is not supported.");
            var special = JsonSections.IsTrue(token, "special");
            result.Add(new AddedToken(
                id, content, special,
                IsNormalized: JsonSections.Flag(token, "normalized", !special),
                StripsLeft: JsonSections.IsTrue(token, "lstrip"),
                StripsRight: JsonSections.IsTrue(token, "rstrip")));
        }
        return result;
    }
}
