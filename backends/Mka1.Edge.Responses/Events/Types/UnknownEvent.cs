using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mka1.Edge.Responses;

/// <summary>An event of a type this version does not know: an extension, or a later version's.</summary>
public sealed record UnknownEvent : ResponseEvent
{
    [JsonIgnore]
    public JsonElement Raw { get; init; }
}
