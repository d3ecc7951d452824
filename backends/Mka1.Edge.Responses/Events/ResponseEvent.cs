using System.Text.Json.Serialization;

namespace Mka1.Edge.Responses;

/// <summary>One event of a response stream. Several event types share a shape, so <see cref="Type"/> is data.</summary>
public abstract record ResponseEvent
{
    /// <summary>One of <see cref="EventNames"/>.</summary>
    [JsonPropertyOrder(-2)]
    public required string Type { get; init; }

    /// <summary>0 for the first event of a stream, then one more each.</summary>
    [JsonPropertyOrder(-1)]
    public required long SequenceNumber { get; init; }
}
