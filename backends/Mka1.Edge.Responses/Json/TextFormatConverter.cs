using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mka1.Edge.Responses;

internal sealed class TextFormatConverter : JsonConverter<TextFormat>
{
    public override TextFormat Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var format = new FieldReader(JsonElement.ParseValue(ref reader), ParseContext.Silent());
        if (format.Owner.ValueKind != JsonValueKind.Object)
            throw new JsonException("A text format must be an object.");
        return format.String("type"u8) switch
        {
            "text" => TextFormat.PlainText,
            "json_object" => new TextFormat.JsonObject(),
            "json_schema" => new TextFormat.JsonSchema(
                format.String("name"u8) ?? string.Empty, format.Any("schema"u8) ?? default, format.Bool("strict"u8), format.String("description"u8)),
            _ => throw new JsonException("A text format must be text, json_object or json_schema."),
        };
    }

    public override void Write(Utf8JsonWriter writer, TextFormat value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        switch (value)
        {
            case TextFormat.JsonObject:
                writer.WriteString("type"u8, "json_object"u8);
                break;
            case TextFormat.JsonSchema schema:
                writer.WriteString("type"u8, "json_schema"u8);
                writer.WriteString("name"u8, schema.Name);
                if (schema.Description is not null)
                    writer.WriteString("description"u8, schema.Description);
                writer.WritePropertyName("schema"u8);
                RawJson.Write(writer, schema.Schema);
                if (schema.Strict is { } strict)
                    writer.WriteBoolean("strict"u8, strict);
                break;
            default:
                writer.WriteString("type"u8, "text"u8);
                break;
        }

        writer.WriteEndObject();
    }
}
