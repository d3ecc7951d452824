using System.Text.Json.Serialization;

namespace Mka1.Edge.Responses;

/// <summary>Where a response stands (contract.md C.6).</summary>
public enum ResponseStatus
{
    [JsonStringEnumMemberName("queued")]
    Queued,

    [JsonStringEnumMemberName("in_progress")]
    InProgress,

    [JsonStringEnumMemberName("completed")]
    Completed,

    [JsonStringEnumMemberName("failed")]
    Failed,

    [JsonStringEnumMemberName("incomplete")]
    Incomplete,

    [JsonStringEnumMemberName("cancelled")]
    Cancelled,
}
