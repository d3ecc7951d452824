using System.Text.Json;
using Mka1.Edge.Inference.Weights;

namespace Mka1.Edge.Inference.Tokenization;

/// <summary>The <c>decoder</c> of <c>tokenizer.json</c>: ByteLevel, Metaspace, or SentencePiece's sequence of Replace, ByteFallback, Fuse and Strip.</summary>
internal static class DecoderSection
{
    public static TokenSpelling Read(JsonFile file, bool isByteLevel)
    {
        var spelling = new TokenSpelling(isByteLevel, null, JsonSections.IsTrue(file.Require("model"), "byte_fallback"), false);
        foreach (var step in JsonSections.Steps(file.Find("decoder"), "decoders"))
        {
            switch (JsonSections.Text(step, "type"))
            {
                case "ByteLevel" when isByteLevel:
                case "Fuse":
                case "ByteFallback" when spelling.HasByteTokens:
                    break;
                case "Metaspace" when !isByteLevel:
                    spelling = spelling with { Space = Single(JsonSections.Text(step, "replacement") ?? "\u2581"), DropsLeadingSpace = JsonSections.Text(step, "prepend_scheme") != "never" && JsonSections.Flag(step, "add_prefix_space", true) };
                    break;
                case "Replace" when !isByteLevel && JsonFile.Find(step, "pattern") is { } pattern && JsonSections.Text(pattern, "String") is { } from && JsonSections.Text(step, "content") == " ":
                    spelling = spelling with { Space = Single(from) };
                    break;
                case "Strip" when !isByteLevel && JsonSections.Text(step, "content") == " " && Count(step, "start") <= 1 && Count(step, "stop") == 0:
                    spelling = spelling with { DropsLeadingSpace = Count(step, "start") == 1 };
                    break;
                default:
                    throw file.Error("decoder", $"has a step that is not supported here: {step.GetRawText()}");
            }
        }
        return spelling;

        char Single(string text) => text.Length == 1 ? text[0] : throw file.Error("decoder", $"replaces '{text}'; expected one character.");
    }

    private static int Count(JsonElement step, string key) =>
        JsonFile.Find(step, key) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var count) ? count : 0;
}
