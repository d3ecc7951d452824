using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>
/// Brings items into the form in which they are kept: each with a type and an id, a message with parts and a status. Every
/// other member stays byte for byte as it was received.
/// </summary>
public static class StoredItems
{
    private static readonly ReadOnlyMemory<byte> MessageType = "\"message\""u8.ToArray();
    private static readonly ReadOnlyMemory<byte> CompletedStatus = "\"completed\""u8.ToArray();

    /// <summary>The stored form of one item. References are resolved before: what they stand for is kept, not the reference.</summary>
    public static StoredItem Normalize(ResponseItem item)
    {
        var json = item.Raw.ValueKind == JsonValueKind.Undefined
            ? JsonSerializer.SerializeToUtf8Bytes(item, ResponsesJson.Wire.ResponseItem)
            : JsonMarshal.GetRawUtf8Value(item.Raw).ToArray();
        var id = string.IsNullOrEmpty(item.Id) ? ResponseIds.New(PrefixOf(item.Type)) : item.Id;

        // A model server may list what is no item at all; it is kept as it came.
        if (json[0] != (byte)'{') return new StoredItem(id, json, string.Empty);

        var edits = Edits(item, id);
        return new StoredItem(id, edits.Count == 0 ? json : JsonSplice.Apply(json, CollectionsMarshal.AsSpan(edits)), ItemText.Of(item));
    }

    /// <summary>The items as one JSON array.</summary>
    public static byte[] ToArray(IReadOnlyList<StoredItem> items)
    {
        var output = new ArrayBufferWriter<byte>(items.Sum(item => item.Json.Length + 1) + 2);
        output.Write("["u8);
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0) output.Write(","u8);
            output.Write(items[i].Json.Span);
        }

        output.Write("]"u8);
        return output.WrittenSpan.ToArray();
    }

    private static List<JsonEdit> Edits(ResponseItem item, string id)
    {
        var edits = new List<JsonEdit>(4);
        var received = item.Raw.ValueKind == JsonValueKind.Object;
        if (item is MessageItem message)
        {
            if (received && !IsText(item.Raw, "type"u8)) edits.Add(JsonEdit.Set("type", MessageType));
            if (item.Status is null) edits.Add(JsonEdit.Set("status", CompletedStatus));
            if (received && IsText(item.Raw, "content"u8)) edits.Add(JsonEdit.Set("content", OnePart(message)));
        }

        if (string.IsNullOrEmpty(item.Id)) edits.Add(JsonEdit.Set("id", Quoted(id)));
        return edits;
    }

    /// <summary>Content sent as a string, as the part it stands for; the string's own bytes stay.</summary>
    private static byte[] OnePart(MessageItem message)
    {
        var text = JsonMarshal.GetRawUtf8Value(message.Raw.GetProperty("content"u8));
        return message.Role == MessageRole.Assistant
            ? [.. "[{\"type\":\"output_text\",\"text\":"u8, .. text, .. ",\"annotations\":[],\"logprobs\":[]}]"u8]
            : [.. "[{\"type\":\"input_text\",\"text\":"u8, .. text, .. "}]"u8];
    }

    private static bool IsText(JsonElement owner, ReadOnlySpan<byte> name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String;

    private static byte[] Quoted(string id) => [(byte)'"', .. Encoding.ASCII.GetBytes(id), (byte)'"'];

    private static string PrefixOf(string type) => type switch
    {
        ItemTypes.Message => ResponseIds.Message,
        ItemTypes.FunctionCall => ResponseIds.FunctionCall,
        ItemTypes.FunctionCallOutput => ResponseIds.FunctionCallOutput,
        ItemTypes.Reasoning => ResponseIds.Reasoning,
        ItemTypes.CustomToolCall => ResponseIds.CustomToolCall,
        ItemTypes.Compaction => ResponseIds.Compaction,
        _ => ResponseIds.Item,
    };
}
