using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mka1.Edge.Responses;

internal sealed class TextFormatConverter : JsonConverter<TextFormat>
{
    public override TextFormat Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

    public override void Write(Utf8JsonWriter writer, TextFormat value, JsonSerializerOptions options) => throw new NotSupportedException();
}
