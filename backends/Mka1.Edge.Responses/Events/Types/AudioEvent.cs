namespace Mka1.Edge.Responses;

/// <summary><c>response.audio.delta</c>, <c>.done</c>, <c>response.audio.transcript.delta</c> and <c>.done</c>.</summary>
public sealed record AudioEvent : ResponseEvent
{
    /// <summary>Base64 sound or transcript text, on deltas.</summary>
    public string? Delta { get; init; }
}
