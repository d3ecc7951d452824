namespace Mka1.Edge.Responses;

/// <summary>
/// Splits a server-sent event stream into events, whatever the chunks it arrives in. Push bytes, then read until
/// <see cref="SseReadStatus.NeedMore"/>. No allocation an event once its buffers have grown. Not thread-safe.
/// </summary>
/// <remarks>
/// Lines end with LF, CRLF or CR. The bytes of the event under way stay in the buffer, and its name and data are
/// ranges of it; only data of several lines is copied together.
/// </remarks>
/// <param name="maxLineBytes">The longest line allowed.</param>
/// <param name="maxEventBytes">The largest event allowed, all its lines together.</param>
public sealed class SseReader(int maxLineBytes = 1 << 20, int maxEventBytes = 4 << 20)
{
    private byte[] buffer = new byte[4096];

    // Unread bytes are [lineStart, end); those before scanned hold no line end.
    private int lineStart;
    private int scanned;
    private int end;
    private bool begun;
    private bool skipLineFeed;
    private bool failed;

    // The event under way: where its first line began (-1 between events), its name, its data.
    private int eventStart = -1;
    private (int Start, int Length) name;
    private (int Start, int Length) data;
    private int dataLines;
    private byte[] joined = [];
    private int joinedLength;

    /// <summary>Whether bytes of an unfinished event are waiting: at the end of a stream, a sign of a cut.</summary>
    public bool HasPartial => eventStart >= 0 || lineStart < end;

    /// <summary>Adds bytes as they came. Spans given out before are no longer valid.</summary>
    public void Push(ReadOnlySpan<byte> chunk)
    {
        if (failed)
            return;
        Compact();
        EnsureRoom(ref buffer, end + chunk.Length);
        chunk.CopyTo(buffer.AsSpan(end));
        end += chunk.Length;
    }

    /// <summary>Reads the next whole event. An event cut off by the end of the stream is never given out.</summary>
    public SseReadStatus TryRead(out SseFrame frame)
    {
        while (!failed && TryReadLine(out var line))
        {
            if (line.Length == 0)
            {
                if (TakeEvent(out frame))
                    return SseReadStatus.Frame;
                continue;
            }

            TakeField(line.Start, buffer.AsSpan(line.Start, line.Length));
            failed = eventStart >= 0 && scanned - eventStart > maxEventBytes;
        }

        frame = default;
        return failed ? SseReadStatus.TooLong : SseReadStatus.NeedMore;
    }

    private bool TryReadLine(out (int Start, int Length) line)
    {
        line = default;
        if (!begun && !SkipByteOrderMark())
            return false;
        if (skipLineFeed && scanned < end)
        {
            // The line ended with the CR already; this LF belongs to it.
            skipLineFeed = false;
            if (buffer[scanned] == (byte)'\n')
                lineStart = ++scanned;
        }

        var found = buffer.AsSpan(scanned, end - scanned).IndexOfAny((byte)'\r', (byte)'\n');
        var lineEnd = found < 0 ? end : scanned + found;
        failed = lineEnd - lineStart > maxLineBytes;
        scanned = lineEnd;
        if (found < 0 || failed)
            return false;
        line = (lineStart, lineEnd - lineStart);
        skipLineFeed = buffer[lineEnd] == (byte)'\r';
        lineStart = ++scanned;
        return true;
    }

    private bool SkipByteOrderMark()
    {
        var mark = "\uFEFF"u8;
        var unread = buffer.AsSpan(lineStart, end - lineStart);
        if (unread.Length < mark.Length && mark.StartsWith(unread))
            return false;
        begun = true;
        if (unread.StartsWith(mark))
            lineStart = scanned = lineStart + mark.Length;
        return true;
    }

    private void TakeField(int start, ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        var field = colon < 0 ? line : line[..colon];
        var valueAt = colon < 0 ? line.Length : colon + 1;
        if (valueAt < line.Length && line[valueAt] == (byte)' ')
            valueAt++;
        var value = (Start: start + valueAt, Length: line.Length - valueAt);
        if (field.SequenceEqual("data"u8))
            TakeData(start, value);
        else if (field.SequenceEqual("event"u8))
        {
            name = value;
            Begin(start);
        }

        // Comments (an empty field) and the fields id, retry and any other say nothing to us.
    }

    private void TakeData(int start, (int Start, int Length) value)
    {
        Begin(start);
        switch (dataLines++)
        {
            case 0:
                data = value;
                break;
            case 1:
                joinedLength = 0;
                Join(data, newLine: false);
                Join(value, newLine: true);
                break;
            default:
                Join(value, newLine: true);
                break;
        }
    }

    private void Join((int Start, int Length) value, bool newLine)
    {
        EnsureRoom(ref joined, joinedLength + value.Length + 1);
        if (newLine)
            joined[joinedLength++] = (byte)'\n';
        buffer.AsSpan(value.Start, value.Length).CopyTo(joined.AsSpan(joinedLength));
        joinedLength += value.Length;
    }

    private void Begin(int start)
    {
        if (eventStart < 0)
            eventStart = start;
    }

    /// <summary>Ends the event under way. Without data there is none to give out.</summary>
    private bool TakeEvent(out SseFrame frame)
    {
        var lines = dataLines;
        var payload = lines == 1 ? buffer.AsSpan(data.Start, data.Length) : joined.AsSpan(0, joinedLength);
        frame = new SseFrame(buffer.AsSpan(name.Start, name.Length), payload);
        eventStart = -1;
        name = default;
        dataLines = 0;
        return lines > 0;
    }

    /// <summary>Moves what is still needed to the front of the buffer.</summary>
    private void Compact()
    {
        var held = eventStart >= 0 ? eventStart : lineStart;
        if (held == 0)
            return;
        buffer.AsSpan(held, end - held).CopyTo(buffer);
        lineStart -= held;
        scanned -= held;
        end -= held;
        eventStart -= eventStart >= 0 ? held : 0;
        // An empty range may stay where it is: it only has to lie inside the buffer.
        name.Start -= name.Length > 0 ? held : 0;
        data.Start -= data.Length > 0 && dataLines > 0 ? held : 0;
    }

    private static void EnsureRoom(ref byte[] array, int length)
    {
        if (array.Length < length)
            Array.Resize(ref array, Math.Max(array.Length * 2, length));
    }
}
