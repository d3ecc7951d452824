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
    private readonly string? _text;
    private readonly JsonElement _element;

    public JsonText(string text) => _text = text;

    /// <summary>Wraps a JSON string that has been checked to hold valid text.</summary>
    internal JsonText(JsonElement element) => _element = element;

    /// <summary>The decoded text; decoded again on each call.</summary>
    public string Value => _text ?? (_element.ValueKind == JsonValueKind.String ? _element.GetString()! : string.Empty);

    /// <summary>Whether there is no text at all.</summary>
    public bool IsEmpty => _element.ValueKind == JsonValueKind.String ? _element.ValueEquals(""u8) : string.IsNullOrEmpty(_text);

    /// <summary>Length in Unicode code points, counted without decoding.</summary>
    public int Length => _element.ValueKind == JsonValueKind.String
        ? JsonStrings.CountCodePoints(_element)
        : JsonStrings.CountCodePoints(_text ?? string.Empty);

    public static implicit operator JsonText(string _text) => new(_text);

    /// <summary>The same as <see cref="Value"/>.</summary>
    public override string ToString() => Value;

    internal void WriteTo(Utf8JsonWriter writer)
    {
        if (_element.ValueKind == JsonValueKind.String)
            RawJson.Write(writer, _element);
        else
            writer.WriteStringValue(_text ?? string.Empty);
    }
}
