using System.Text.Json.Serialization;

namespace Mka1.Edge.Responses;

/// <summary>What happens when the input does not fit the context window.</summary>
public enum Truncation
{
    /// <summary>Old items are dropped until it fits.</summary>
    [JsonStringEnumMemberName("auto")]
    Auto,

    /// <summary>The request is refused.</summary>
    [JsonStringEnumMemberName("disabled")]
    Disabled,
}
