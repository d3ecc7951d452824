using System.Text.Json;
using Mka1.Edge.Inference.Weights;

namespace Mka1.Edge.Inference.Tokenization;

/// <summary>The <c>post_processor</c> of <c>tokenizer.json</c>: which tokens frame a text, by TemplateProcessing.</summary>
internal static class PostProcessorSection
{
    public static (int[] Before, int[] After) Read(JsonFile file)
    {
        var (before, after) = (new List<int>(), new List<int>());
        foreach (var step in JsonSections.Steps(file.Find("post_processor"), "processors"))
        {
            switch (JsonSections.Text(step, "type"))
            {
                case "ByteLevel":
                    // Adjusts offsets alone.
                    break;
                case "TemplateProcessing" when JsonFile.Find(step, "single") is { ValueKind: JsonValueKind.Array } template:
                    ReadTemplate(file, step, template, before, after);
                    break;
                default:
                    throw file.Error("post_processor", $"has a step of type '{JsonSections.Text(step, "type")}'; supported are ByteLevel and TemplateProcessing.");
            }
        }
        return ([.. before], [.. after]);
    }

    private static void ReadTemplate(JsonFile file, JsonElement step, JsonElement template, List<int> before, List<int> after)
    {
        var target = before;
        foreach (var part in template.EnumerateArray())
        {
            if (JsonFile.Find(part, "Sequence") is not null)
                target = after;
            else
                target.AddRange(Ids(file, step, part));
        }
    }

    private static IEnumerable<int> Ids(JsonFile file, JsonElement step, JsonElement part)
    {
        var name = JsonFile.Find(part, "SpecialToken") is { } token ? JsonSections.Text(token, "id") : null;
        if (name is null || JsonFile.Find(step, "special_tokens") is not { } table || JsonFile.Find(table, name) is not { } entry
            || JsonFile.Find(entry, "ids") is not { ValueKind: JsonValueKind.Array } ids)
        {
            throw file.Error("post_processor", $"has a template part that no token stands for: {part.GetRawText()}");
        }
        return ids.EnumerateArray().Select(id => VocabularySection.ReadId(file, "post_processor", id));
    }
}
