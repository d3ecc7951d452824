using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.History;

/// <summary>
/// Fills a prompt template: <c>{{name}}</c> becomes the variable of that name, text as text, a content part as a part at that
/// place. What is put in is not looked through again, and a placeholder without a variable stays as it is.
/// </summary>
internal static class PromptRenderer
{
    /// <summary>The developer message as JSON; null when it would be larger than <paramref name="maxBytes"/>.</summary>
    /// <param name="template">Text with placeholders.</param>
    /// <param name="variables">Object of strings and content parts; null for none.</param>
    /// <param name="maxBytes">What a variable that occurs a thousand times may come to.</param>
    public static byte[]? Message(string template, JsonElement? variables, long maxBytes)
    {
        var values = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (variables is { } given)
        {
            foreach (var variable in given.EnumerateObject()) values[variable.Name] = variable.Value;
        }

        var buffer = new ArrayBufferWriter<byte>(template.Length + 128);
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteString("type"u8, "message"u8);
        json.WriteString("role"u8, "developer"u8);
        json.WriteStartArray("content"u8);
        var text = new StringBuilder();
        var parts = 0;
        var position = 0;
        foreach (var (place, name) in PromptPlaceholders.Find(template))
        {
            if (!values.TryGetValue(name, out var value)) continue;
            text.Append(template, position, place.Start.Value - position);
            position = place.End.Value;
            if (value.ValueKind == JsonValueKind.String)
            {
                text.Append(value.GetString());
            }
            else
            {
                parts += Flush(json, text) + 1;
                json.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
            }

            if (json.BytesCommitted + json.BytesPending + text.Length > maxBytes) return null;
        }

        text.Append(template, position, template.Length - position);
        parts += Flush(json, text);
        if (parts == 0) WriteText(json, "");
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenCount <= maxBytes ? buffer.WrittenSpan.ToArray() : null;
    }

    private static int Flush(Utf8JsonWriter json, StringBuilder text)
    {
        if (text.Length == 0) return 0;
        WriteText(json, text.ToString());
        text.Clear();
        return 1;
    }

    private static void WriteText(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "input_text"u8);
        json.WriteString("text"u8, text);
        json.WriteEndObject();
    }
}
