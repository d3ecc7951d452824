using System.Text.Json.Serialization;

namespace Mka1.Edge.Responses;

/// <summary>How much the model should say.</summary>
public enum Verbosity
{
    [JsonStringEnumMemberName("low")]
    Low,

    [JsonStringEnumMemberName("medium")]
    Medium,

    [JsonStringEnumMemberName("high")]
    High,
}
