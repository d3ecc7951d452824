using System.Text.Json.Serialization;

namespace Mka1.Edge.Responses;

/// <summary>A prompt template as clients see it; its text is read from its versions.</summary>
/// <param name="Id"><c>prompt_</c> and 32 hexadecimal digits.</param>
/// <param name="Name">At most 255 characters.</param>
/// <param name="Version">Number of the version in use, from 1.</param>
/// <param name="CreatedAt">Unix seconds.</param>
/// <param name="UpdatedAt">Unix seconds.</param>
public sealed record PromptObject([property: JsonPropertyOrder(-2)] string Id, string Name, int Version, long CreatedAt, long UpdatedAt)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "prompt";
}
