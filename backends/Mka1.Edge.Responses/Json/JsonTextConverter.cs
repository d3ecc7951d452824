using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mka1.Edge.Responses;

internal sealed class JsonTextConverter : JsonConverter<JsonText>
{
    public override JsonText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? new JsonText(reader.GetString()!) : throw new JsonException("A string was expected.");

    public override void Write(Utf8JsonWriter writer, JsonText value, JsonSerializerOptions options) => value.WriteTo(writer);
}
