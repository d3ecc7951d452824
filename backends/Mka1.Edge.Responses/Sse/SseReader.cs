namespace Mka1.Edge.Responses;

/// <summary>
/// Splits a server-sent event stream into events, whatever the chunks it arrives in. Push bytes, then read until
/// <see cref="SseReadStatus.NeedMore"/>. No allocation an event once its buffer has grown. Not thread-safe.
/// </summary>
/// <param name="maxLineBytes">The longest line allowed.</param>
/// <param name="maxEventBytes">The largest event allowed, all its lines together.</param>
public sealed class SseReader(int maxLineBytes = 1 << 20, int maxEventBytes = 4 << 20)
{
    /// <summary>Adds bytes as they came.</summary>
    public void Push(ReadOnlySpan<byte> chunk) => throw new NotSupportedException(maxLineBytes + maxEventBytes + chunk.Length.ToString());

    /// <summary>Reads the next whole event. An event cut off by the end of the stream is never given out.</summary>
    public SseReadStatus TryRead(out SseFrame frame) => throw new NotSupportedException();

    /// <summary>Whether bytes of an unfinished event are waiting: at the end of a stream, a sign of a cut.</summary>
    public bool HasPartial => throw new NotSupportedException();
}
