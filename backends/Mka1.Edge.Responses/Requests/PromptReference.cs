using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>The <c>prompt</c> object: a stored template and the values to put into it.</summary>
public sealed record PromptReference
{
    public required string Id { get; init; }

    public string? Version { get; init; }

    /// <summary>Name to text or content part, as received; null when absent.</summary>
    public JsonElement? Variables { get; init; }
}
