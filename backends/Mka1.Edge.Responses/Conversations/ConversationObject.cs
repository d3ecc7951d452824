using System.Text.Json.Serialization;

namespace Mka1.Edge.Responses;

/// <summary>A conversation as clients see it (contract.md H).</summary>
/// <param name="Id"><c>conv_</c> and 32 hexadecimal digits.</param>
/// <param name="CreatedAt">Unix seconds.</param>
/// <param name="Metadata">At most 16 pairs.</param>
public sealed record ConversationObject([property: JsonPropertyOrder(-2)] string Id, long CreatedAt, IReadOnlyDictionary<string, string> Metadata)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "conversation";
}
