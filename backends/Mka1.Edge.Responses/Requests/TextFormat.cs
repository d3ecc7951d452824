using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mka1.Edge.Responses;

/// <summary>The shape the output text must have.</summary>
[JsonConverter(typeof(TextFormatConverter))]
public abstract record TextFormat
{
    private TextFormat()
    {
    }

    /// <summary><c>{"type":"text"}</c>.</summary>
    public static TextFormat PlainText { get; } = new Text();

    /// <summary>Any text.</summary>
    public sealed record Text : TextFormat;

    /// <summary>Any JSON object.</summary>
    public sealed record JsonObject : TextFormat;

    /// <summary>JSON that satisfies a schema.</summary>
    /// <param name="Name">1 to 64 of <c>A-Z a-z 0-9 _ -</c>.</param>
    /// <param name="Schema">A JSON Schema object.</param>
    /// <param name="Strict">Whether the schema must hold exactly; null when the caller did not say.</param>
    /// <param name="Description">What the format is for.</param>
    public sealed record JsonSchema(string Name, JsonElement Schema, bool? Strict, string? Description) : TextFormat;
}
