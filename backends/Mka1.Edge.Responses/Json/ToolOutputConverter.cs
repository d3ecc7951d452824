using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mka1.Edge.Responses;

internal sealed class ToolOutputConverter : JsonConverter<ToolOutput>
{
    public override ToolOutput Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var value = JsonElement.ParseValue(ref reader);
        return value.ValueKind switch
        {
            JsonValueKind.String => new ToolOutput.Text(new JsonText(value)),
            JsonValueKind.Array => new ToolOutput.Parts([.. value.EnumerateArray().Select(ContentParser.Trusted)]),
            _ => throw new JsonException("A tool's output must be a string or an array."),
        };
    }

    public override void Write(Utf8JsonWriter writer, ToolOutput value, JsonSerializerOptions options)
    {
        switch (value)
        {
            case ToolOutput.Text text:
                text.Value.WriteTo(writer);
                break;
            case ToolOutput.Parts parts:
                writer.WriteStartArray();
                foreach (var part in parts.Value)
                    JsonSerializer.Serialize(writer, part, options.GetTypeInfo(typeof(ContentPart)));
                writer.WriteEndArray();
                break;
            default:
                throw new UnreachableException();
        }
    }
}
