using System.Text.Json.Serialization;

namespace Mka1.Edge.Responses;

/// <summary>Who speaks in a message.</summary>
public enum MessageRole
{
    [JsonStringEnumMemberName("user")]
    User,

    [JsonStringEnumMemberName("assistant")]
    Assistant,

    [JsonStringEnumMemberName("system")]
    System,

    [JsonStringEnumMemberName("developer")]
    Developer,
}
