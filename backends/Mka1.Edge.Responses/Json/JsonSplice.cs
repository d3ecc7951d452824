using System.Buffers;
using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>Changes top-level members of a JSON object and leaves every other byte as it was.</summary>
public static class JsonSplice
{
    /// <summary>Applies the edits. A member that is not there yet is added at the end.</summary>
    /// <exception cref="ArgumentException">The bytes are not one JSON object: validate them first.</exception>
    public static byte[] Apply(ReadOnlySpan<byte> json, params ReadOnlySpan<JsonEdit> edits)
    {
        try
        {
            return Splice(json, edits);
        }
        catch (JsonException fault)
        {
            throw new ArgumentException("Only a JSON object can be edited.", nameof(json), fault);
        }
    }

    private static byte[] Splice(ReadOnlySpan<byte> json, ReadOnlySpan<JsonEdit> edits)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("Not an object.");
        var output = new ArrayBufferWriter<byte>(json.Length + 256);
        var end = (int)reader.BytesConsumed;
        output.Write(json[..end]);

        Span<bool> applied = stackalloc bool[edits.Length];
        scoped ReadOnlySpan<byte> lead = default;
        var seen = 0;
        var kept = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var nameStart = (int)reader.TokenStartIndex;
            var edit = Find(ref reader, edits);
            reader.Read();
            var valueStart = (int)reader.TokenStartIndex;
            reader.Skip();
            var separator = json[end..nameStart];
            end = (int)reader.BytesConsumed;

            // The first member has no comma before it, and so must the first member that stays.
            if (seen++ == 0)
                lead = separator;
            if (edit >= 0)
                applied[edit] = true;
            if (edit >= 0 && edits[edit].Value is null)
                continue;
            output.Write(kept++ == 0 ? lead : separator);
            output.Write(json[nameStart..valueStart]);
            output.Write(edit >= 0 ? edits[edit].Value!.Value.Span : json[valueStart..end]);
        }

        for (var i = 0; i < edits.Length; i++)
        {
            if (!applied[i] && edits[i].Value is { } value)
                Append(output, edits[i].Name, value.Span, comma: kept++ > 0);
        }

        output.Write(json[end..]);
        return output.WrittenSpan.ToArray();
    }

    private static int Find(ref Utf8JsonReader reader, ReadOnlySpan<JsonEdit> edits)
    {
        for (var i = 0; i < edits.Length; i++)
        {
            if (reader.ValueTextEquals(edits[i].Name))
                return i;
        }

        return -1;
    }

    private static void Append(ArrayBufferWriter<byte> output, string name, ReadOnlySpan<byte> value, bool comma)
    {
        output.Write(comma ? ",\""u8 : "\""u8);
        output.Write(JsonEncodedText.Encode(name, WireJson.Encoder).EncodedUtf8Bytes);
        output.Write("\":"u8);
        output.Write(value);
    }
}
