using System.Buffers;
using System.Text.Json;

namespace Mka1.Edge.Gateway.Endpoints;

/// <summary>The one form of every list: <c>{"object":"list","data","first_id","last_id","has_more"}</c>.</summary>
internal static class ListBody
{
    private static readonly JsonWriterOptions Options = new() { SkipValidation = true };

    /// <summary>A page of entries that are JSON already; their bytes stay as they are.</summary>
    public static ReadOnlyMemory<byte> Of(IReadOnlyList<(string Id, ReadOnlyMemory<byte> Json)> data, bool hasMore)
    {
        var output = new ArrayBufferWriter<byte>(data.Sum(entry => entry.Json.Length + 1) + 256);
        using (var json = new Utf8JsonWriter(output, Options))
        {
            json.WriteStartObject();
            json.WriteString("object"u8, "list"u8);
            json.WriteStartArray("data"u8);
            foreach (var entry in data) json.WriteRawValue(entry.Json.Span, skipInputValidation: true);
            json.WriteEndArray();
            json.WriteString("first_id"u8, data.Count > 0 ? data[0].Id : null);
            json.WriteString("last_id"u8, data.Count > 0 ? data[^1].Id : null);
            json.WriteBoolean("has_more"u8, hasMore);
            json.WriteEndObject();
        }

        return output.WrittenMemory;
    }
}
