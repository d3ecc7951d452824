using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mka1.Edge.Responses;

internal sealed class ToolDefinitionConverter : JsonConverter<ToolDefinition>
{
    // A null inside a list must not become a null reference here.
    public override bool HandleNull => true;

    public override ToolDefinition Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ToolParser.Trusted(JsonElement.ParseValue(ref reader));

    public override void Write(Utf8JsonWriter writer, ToolDefinition value, JsonSerializerOptions options) => RawJson.Write(writer, value.Raw);
}
