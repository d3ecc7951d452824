using System.Text.Json;
using Mka1.Edge.Inference.Tokenization.Unicode;
using Mka1.Edge.Inference.Weights;

namespace Mka1.Edge.Inference.Tokenization;

/// <summary>The <c>normalizer</c> of <c>tokenizer.json</c>: NFC, Prepend, Replace of a plain text, or a sequence of them.</summary>
internal static class NormalizerSection
{
    public static Func<string, string> Read(JsonFile file)
    {
        var steps = JsonSections.Steps(file.Find("normalizer"), "normalizers").Select(step => ReadStep(file, step)).ToArray();
        return text => steps.Aggregate(text, (current, step) => step(current));
    }

    private static Func<string, string> ReadStep(JsonFile file, JsonElement step)
    {
        switch (JsonSections.Text(step, "type"))
        {
            case "NFC":
                return CanonicalComposition.Compose;
            case "Prepend" when JsonSections.Text(step, "prepend") is { } prefix:
                return text => text.Length == 0 ? text : prefix + text;
            case "Replace" when JsonFile.Find(step, "pattern") is { } pattern && JsonSections.Text(pattern, "String") is { Length: > 0 } from && JsonSections.Text(step, "content") is { } to:
                return text => text.Replace(from, to, StringComparison.Ordinal);
            default:
                throw file.Error("normalizer", $"holds {step.GetRawText()}; supported are NFC, Prepend, and Replace with a String pattern.");
        }
    }
}
