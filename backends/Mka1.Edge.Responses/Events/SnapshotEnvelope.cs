namespace Mka1.Edge.Responses;

/// <summary>
/// Puts a model server's outcome (output, usage, status, error, incomplete_details) into the envelope the gateway owns.
/// Output items keep their bytes. Never throws on hostile input.
/// </summary>
public static class SnapshotEnvelope
{
    /// <summary>Merges a response object.</summary>
    /// <param name="envelope">The gateway's fields.</param>
    /// <param name="upstream">The model server's JSON; copied, so the buffer may be reused.</param>
    /// <param name="now">Unix seconds, set as <c>completed_at</c> when the status is terminal.</param>
    public static SnapshotResult Merge(ResponseObject envelope, ReadOnlySpan<byte> upstream, long now) => throw new NotSupportedException();

    /// <summary>Merges the <c>response</c> inside an event's data.</summary>
    /// <param name="envelope">The gateway's fields.</param>
    /// <param name="eventName">The event's type, one of <see cref="EventNames.IsSnapshot"/>; it decides the status.</param>
    /// <param name="data">The event's data; copied.</param>
    /// <param name="now">Unix seconds, set as <c>completed_at</c> when the status is terminal.</param>
    public static SnapshotResult MergeEvent(ResponseObject envelope, ReadOnlySpan<byte> eventName, ReadOnlySpan<byte> data, long now) => throw new NotSupportedException();
}
