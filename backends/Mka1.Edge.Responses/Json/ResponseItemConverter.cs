using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mka1.Edge.Responses;

internal sealed class ResponseItemConverter : JsonConverter<ResponseItem>
{
    public override ResponseItem Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

    public override void Write(Utf8JsonWriter writer, ResponseItem value, JsonSerializerOptions options) => throw new NotSupportedException();
}
