using System.Text.Json.Serialization;

namespace Mka1.Edge.Responses;

/// <summary>A kind of output.</summary>
public enum Modality
{
    [JsonStringEnumMemberName("text")]
    Text,

    [JsonStringEnumMemberName("audio")]
    Audio,
}
