using System.Text.Json.Serialization;

namespace Mka1.Edge.Responses;

/// <summary>How freely the model may use tools.</summary>
public enum ToolChoiceMode
{
    [JsonStringEnumMemberName("none")]
    None,

    [JsonStringEnumMemberName("auto")]
    Auto,

    [JsonStringEnumMemberName("required")]
    Required,
}
