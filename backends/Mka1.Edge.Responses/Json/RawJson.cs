using System.Runtime.InteropServices;
using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>Writes JSON as it was received.</summary>
internal static class RawJson
{
    /// <summary>Copies the element's own bytes, number spelling and white space included; null when it is undefined.</summary>
    public static void Write(Utf8JsonWriter writer, JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Undefined)
            writer.WriteNullValue();
        else
            writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(element), skipInputValidation: true);
    }
}
