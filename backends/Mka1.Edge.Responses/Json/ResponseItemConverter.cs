using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mka1.Edge.Responses;

internal sealed class ResponseItemConverter : JsonConverter<ResponseItem>
{
    // A null inside a list must not become a null reference here.
    public override bool HandleNull => true;

    public override ResponseItem Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ItemParser.Trusted(JsonElement.ParseValue(ref reader));

    public override void Write(Utf8JsonWriter writer, ResponseItem value, JsonSerializerOptions options)
    {
        if (value.Raw.ValueKind != JsonValueKind.Undefined)
            RawJson.Write(writer, value.Raw);
        else
            JsonSerializer.Serialize(writer, value, options.GetTypeInfo(value.GetType()));
    }
}
