namespace Mka1.Edge.Responses;

/// <summary>One event. The spans lie in the reader's buffer and hold until its next call.</summary>
public readonly ref struct SseFrame
{
    internal SseFrame(ReadOnlySpan<byte> eventName, ReadOnlySpan<byte> data)
    {
        Event = eventName;
        Data = data;
    }

    /// <summary>The event's name; empty when the stream gave none.</summary>
    public ReadOnlySpan<byte> Event { get; }

    /// <summary>The data, lines joined by <c>\n</c>.</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>Whether this is the <c>[DONE]</c> that ends a stream.</summary>
    public bool IsDone => Data.SequenceEqual("[DONE]"u8);
}
