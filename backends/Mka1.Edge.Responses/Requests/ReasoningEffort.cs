using System.Text.Json.Serialization;

namespace Mka1.Edge.Responses;

/// <summary>How long the model may think. MKA1 names minimal to high; the others come from OpenAI clients.</summary>
public enum ReasoningEffort
{
    [JsonStringEnumMemberName("none")]
    None,

    [JsonStringEnumMemberName("minimal")]
    Minimal,

    [JsonStringEnumMemberName("low")]
    Low,

    [JsonStringEnumMemberName("medium")]
    Medium,

    [JsonStringEnumMemberName("high")]
    High,

    [JsonStringEnumMemberName("xhigh")]
    ExtraHigh,

    [JsonStringEnumMemberName("max")]
    Max,
}
