using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mka1.Edge.Responses;

/// <summary>
/// A string that may still lie undecoded in the body it came with, so that a gateway can hold megabytes of
/// prompt without making UTF-16 copies of them.
/// </summary>
[JsonConverter(typeof(JsonTextConverter))]
public readonly struct JsonText
{
    private readonly string? text;
    private readonly JsonElement element;

    public JsonText(string text) => this.text = text;

    /// <summary>Wraps a JSON string that has been checked to hold valid text.</summary>
    internal JsonText(JsonElement element) => this.element = element;

    /// <summary>The decoded text; decoded again on each call.</summary>
    public string Value => text ?? (element.ValueKind == JsonValueKind.String ? element.GetString()! : string.Empty);

    /// <summary>Whether there is no text at all.</summary>
    public bool IsEmpty => element.ValueKind == JsonValueKind.String ? element.ValueEquals(""u8) : string.IsNullOrEmpty(text);

    /// <summary>Length in Unicode code points, counted without decoding.</summary>
    public int Length => element.ValueKind == JsonValueKind.String
        ? JsonStrings.CountCodePoints(element)
        : JsonStrings.CountCodePoints(text ?? string.Empty);

    public static implicit operator JsonText(string text) => new(text);

    /// <summary>The same as <see cref="Value"/>.</summary>
    public override string ToString() => Value;

    internal void WriteTo(Utf8JsonWriter writer)
    {
        if (element.ValueKind == JsonValueKind.String)
            RawJson.Write(writer, element);
        else
            writer.WriteStringValue(text ?? string.Empty);
    }
}
