using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mka1.Edge.Responses;

/// <summary>One piece of an item's content. As with items, what was received is written back as it came.</summary>
[JsonConverter(typeof(ContentPartConverter))]
public abstract class ContentPart(string type)
{
    [JsonPropertyOrder(-1)]
    public string Type { get; } = type;

    /// <summary>The part as received; undefined when it was made here.</summary>
    [JsonIgnore]
    public JsonElement Raw { get; init; }
}
