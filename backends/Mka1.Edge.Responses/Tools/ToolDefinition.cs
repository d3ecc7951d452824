using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mka1.Edge.Responses;

/// <summary>A tool the model may use. Written back as received.</summary>
[JsonConverter(typeof(ToolDefinitionConverter))]
public abstract record ToolDefinition
{
    /// <summary>The wire's <c>type</c>.</summary>
    public abstract string Type { get; }

    /// <summary>The definition as received.</summary>
    public required JsonElement Raw { get; init; }
}
