using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mka1.Edge.Responses;

/// <summary>
/// One entry of <c>input</c> or <c>output</c>. An item that was received keeps its JSON in <see cref="Raw"/> and is
/// written back from it, so members unknown here survive; an item made here has none and is written from its properties.
/// </summary>
[JsonConverter(typeof(ResponseItemConverter))]
public abstract class ResponseItem(string type)
{
    /// <summary>The wire's <c>type</c>.</summary>
    [JsonPropertyOrder(-2)]
    public string Type { get; } = type;

    [JsonPropertyOrder(-1)]
    public string? Id { get; init; }

    /// <summary><see cref="ItemStatus"/>, or a value of the kind's own.</summary>
    [JsonPropertyOrder(1)]
    public string? Status { get; init; }

    /// <summary>The item as received; undefined when it was made here.</summary>
    [JsonIgnore]
    public JsonElement Raw { get; init; }
}
