using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mka1.Edge.Responses;

internal sealed class ToolOutputConverter : JsonConverter<ToolOutput>
{
    public override ToolOutput Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

    public override void Write(Utf8JsonWriter writer, ToolOutput value, JsonSerializerOptions options) => throw new NotSupportedException();
}
