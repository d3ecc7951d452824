using System.Text.Json.Serialization;

namespace Mka1.Edge.Responses;

/// <summary>How much of its reasoning the model should summarise.</summary>
public enum ReasoningSummary
{
    [JsonStringEnumMemberName("auto")]
    Auto,

    [JsonStringEnumMemberName("concise")]
    Concise,

    [JsonStringEnumMemberName("detailed")]
    Detailed,
}
