namespace Mka1.Edge.Responses;

/// <summary><c>response.created</c>, <c>queued</c>, <c>in_progress</c>, <c>completed</c>, <c>incomplete</c> and <c>failed</c>.</summary>
public sealed record SnapshotEvent : ResponseEvent
{
    public required ResponseObject Response { get; init; }
}
