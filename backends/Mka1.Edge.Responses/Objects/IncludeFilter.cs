using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>Leaves out of responses and items what a caller gets only when it asks for it with <c>include</c> (contract.md B.5).</summary>
public static class IncludeFilter
{
    private static readonly JsonEdit NoLogprobs = JsonEdit.Set("logprobs", "[]"u8.ToArray());
    private static readonly JsonEdit NoOutputs = JsonEdit.Set("outputs", "null"u8.ToArray());
    private static readonly JsonEdit NoImageUrl = JsonEdit.Remove("image_url");
    private static readonly JsonEdit NoEncryptedContent = JsonEdit.Remove("encrypted_content");
    private static readonly JsonEdit NoResults = JsonEdit.Remove("results");
    private static readonly JsonEdit NoSources = JsonEdit.Remove("sources");

    /// <summary>A response as the caller asked for it. Everything else stays byte for byte; the same memory comes back when nothing changes.</summary>
    /// <param name="responseJson">The response object.</param>
    /// <param name="include">Names out of <see cref="IncludeNames"/>.</param>
    public static ReadOnlyMemory<byte> Apply(ReadOnlyMemory<byte> responseJson, IReadOnlyCollection<string> include)
    {
        using var document = JsonDocument.Parse(responseJson);
        if (!document.RootElement.TryGetProperty("output"u8, out var output) || output.ValueKind != JsonValueKind.Array) return responseJson;
        var patch = new JsonPatch(responseJson);
        foreach (var item in output.EnumerateArray()) Filter(item, include, patch);
        return patch.Apply();
    }

    /// <summary>One item as the caller asked for it, in the same way.</summary>
    public static ReadOnlyMemory<byte> ApplyToItem(ReadOnlyMemory<byte> itemJson, IReadOnlyCollection<string> include)
    {
        using var document = JsonDocument.Parse(itemJson);
        var patch = new JsonPatch(itemJson);
        Filter(document.RootElement, include, patch);
        return patch.Apply();
    }

    private static void Filter(JsonElement item, IReadOnlyCollection<string> include, JsonPatch patch)
    {
        switch (TypeOf(item))
        {
            case ItemTypes.Message:
                FilterMessage(item, include, patch);
                break;
            case ItemTypes.Reasoning:
                Drop(item, "encrypted_content"u8, NoEncryptedContent, IncludeNames.EncryptedReasoning, include, patch);
                break;
            case ItemTypes.FileSearchCall:
                Drop(item, "results"u8, NoResults, IncludeNames.FileSearchResults, include, patch);
                break;
            case ItemTypes.CodeInterpreterCall when item.TryGetProperty("outputs"u8, out var outputs) && outputs.ValueKind != JsonValueKind.Null:
                Drop(item, "outputs"u8, NoOutputs, IncludeNames.CodeInterpreterOutputs, include, patch);
                break;
            case ItemTypes.ComputerCallOutput when item.TryGetProperty("output"u8, out var output):
                Drop(output, "image_url"u8, NoImageUrl, IncludeNames.ComputerImageUrl, include, patch);
                break;
            case ItemTypes.WebSearchCall:
                FilterWebSearch(item, include, patch);
                break;
        }
    }

    private static void FilterMessage(JsonElement message, IReadOnlyCollection<string> include, JsonPatch patch)
    {
        if (!message.TryGetProperty("content"u8, out var content) || content.ValueKind != JsonValueKind.Array) return;
        foreach (var part in content.EnumerateArray())
        {
            switch (TypeOf(part))
            {
                case PartTypes.OutputText when !include.Contains(IncludeNames.OutputLogprobs) && !HasEmptyArray(part, "logprobs"u8):
                    patch.Edit(part, NoLogprobs);
                    break;
                case PartTypes.InputImage:
                    Drop(part, "image_url"u8, NoImageUrl, IncludeNames.InputImageUrl, include, patch);
                    break;
            }
        }
    }

    private static void FilterWebSearch(JsonElement call, IReadOnlyCollection<string> include, JsonPatch patch)
    {
        var sources = !include.Contains(IncludeNames.WebSearchSources) && call.TryGetProperty("action"u8, out var action) && Has(action, "sources"u8)
            ? JsonSplice.Apply(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(action), NoSources)
            : null;
        var results = !include.Contains(IncludeNames.WebSearchResults) && Has(call, "results"u8);

        // One edit an object: the action lies inside the call.
        if (sources is not null && results) patch.Edit(call, JsonEdit.Set("action", sources), NoResults);
        else if (sources is not null) patch.Edit(call, JsonEdit.Set("action", sources));
        else if (results) patch.Edit(call, NoResults);
    }

    private static void Drop(
        JsonElement owner, ReadOnlySpan<byte> name, JsonEdit edit, string includeName, IReadOnlyCollection<string> include, JsonPatch patch)
    {
        if (!include.Contains(includeName) && Has(owner, name)) patch.Edit(owner, edit);
    }

    private static bool Has(JsonElement owner, ReadOnlySpan<byte> name) => owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out _);

    private static bool HasEmptyArray(JsonElement owner, ReadOnlySpan<byte> name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0;

    private static string? TypeOf(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty("type"u8, out var type) && type.ValueKind == JsonValueKind.String
            ? type.GetString()
            : null;
}
