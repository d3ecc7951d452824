using System.Text.Json;
using Mka1.Edge.Inference.Weights;

namespace Mka1.Edge.Inference.Tokenization;

/// <summary>Short ways to read the nested objects of <c>tokenizer.json</c>.</summary>
internal static class JsonSections
{
    public static string? Text(JsonElement parent, string key) =>
        JsonFile.Find(parent, key) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    public static bool IsTrue(JsonElement parent, string key) => Flag(parent, key, false);

    public static bool Flag(JsonElement parent, string key, bool fallback) => JsonFile.Find(parent, key) switch
    {
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => fallback,
    };

    /// <summary>The steps of a section: those of a Sequence, else the section itself; none when it is null.</summary>
    public static JsonElement[] Steps(JsonElement? section, string listKey) => section switch
    {
        null => [],
        { } value when Text(value, "type") == "Sequence" && JsonFile.Find(value, listKey) is { ValueKind: JsonValueKind.Array } list =>
            [.. list.EnumerateArray().SelectMany(step => Steps(step, listKey))],
        { } value => [value],
    };
}
