namespace Mka1.Edge.Responses;

/// <summary>
/// Follows a stream of events, enforces the rules of contract.md E.3 to E.9 and gives the final response.
/// Never throws on hostile input.
/// </summary>
public sealed class ResponseAccumulator
{
    /// <summary>The response of the terminal event, or null before it.</summary>
    public ResponseObject? Final { get; private set; }

    /// <summary>Events accepted so far.</summary>
    public long EventCount { get; private set; }

    /// <summary>Takes the next event. An empty name means the data's own <c>type</c>.</summary>
    public StreamStep Accept(ReadOnlySpan<byte> eventName, ReadOnlySpan<byte> data) => throw new NotSupportedException();

    /// <summary>The stream has ended: accepted only if a terminal event came.</summary>
    public StreamStep End() => throw new NotSupportedException();
}
