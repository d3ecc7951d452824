using System.Text.Json.Nodes;

namespace Mka1.Edge.InferenceBench.Constrained;

/// <summary>Grows a small vocabulary to any size: new tokens are old ones put together, quotes and marks among them as in a trained one.</summary>
internal static class SyntheticVocabulary
{
    /// <summary>Rewrites the <c>tokenizer.json</c> of a model directory.</summary>
    public static void Grow(string directory, int size)
    {
        var path = Path.Combine(directory, "tokenizer.json");
        var tokenizer = JsonNode.Parse(File.ReadAllText(path))!;
        var vocabulary = tokenizer["model"]!["vocab"]!.AsObject();
        var special = tokenizer["added_tokens"]!.AsArray().Select(token => (int)token!["id"]!).ToHashSet();
        var pieces = vocabulary.Select(entry => entry.Key).ToArray();
        var taken = vocabulary.Select(entry => (int)entry.Value!).Concat(special).ToHashSet();
        var random = new Random(1);
        for (var id = 0; id < size;)
        {
            if (taken.Contains(id))
            {
                id++;
                continue;
            }
            var text = string.Concat(Enumerable.Range(0, 2 + random.Next(2)).Select(_ => pieces[random.Next(pieces.Length)]));
            if (text.Length <= 24 && vocabulary.TryAdd(text, id))
                id++;
        }
        File.WriteAllText(path, tokenizer.ToJsonString());
    }
}
