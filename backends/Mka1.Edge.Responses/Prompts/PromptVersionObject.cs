using System.Text.Json.Serialization;

namespace Mka1.Edge.Responses;

/// <summary>One version of a prompt template as clients see it.</summary>
/// <param name="Id"><c>pver_</c> and 32 hexadecimal digits.</param>
/// <param name="PromptId">The prompt it is a version of.</param>
/// <param name="Version">Its number, from 1.</param>
/// <param name="Template">Text with <c>{{name}}</c> placeholders.</param>
/// <param name="Variables">The names in its placeholders, in the order of their first appearance.</param>
/// <param name="CreatedAt">Unix seconds.</param>
public sealed record PromptVersionObject([property: JsonPropertyOrder(-2)] string Id, string PromptId, int Version, string Template, IReadOnlyList<string> Variables, long CreatedAt)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "prompt.version";
}
