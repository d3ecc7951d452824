using System.Text.Json.Serialization;

namespace Mka1.Edge.Responses;

/// <summary>How soon the caller wants to be served.</summary>
public enum ServiceTier
{
    [JsonStringEnumMemberName("auto")]
    Auto,

    [JsonStringEnumMemberName("default")]
    Default,

    [JsonStringEnumMemberName("flex")]
    Flex,

    [JsonStringEnumMemberName("priority")]
    Priority,
}
