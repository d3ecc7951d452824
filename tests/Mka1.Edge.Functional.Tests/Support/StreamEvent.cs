using System.Text.Json;

namespace Mka1.Edge.Functional.Tests.Support;

/// <summary>One event of a response stream.</summary>
public sealed record StreamEvent(string Type, JsonElement Data)
{
    /// <summary>The text of an output text delta; null for every other event.</summary>
    public string? TextDelta => Type == "response.output_text.delta" ? Data.GetProperty("delta").GetString() : null;
}
