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
    private byte[] _buffer = new byte[4096];

    // Unread bytes are [lineStart, end); those before scanned hold no line end.
    private int _lineStart;
    private int _scanned;
    private int _end;
    private bool _begun;
    private bool _skipLineFeed;
    private bool _failed;

    // The event under way: where its first line began (-1 between events), its name, its data.
    private int _eventStart = -1;
    private (int Start, int Length) _name;
    private (int Start, int Length) _data;
    private int _dataLines;
    private byte[] _joined = [];
    private int _joinedLength;

    /// <summary>Whether bytes of an unfinished event are waiting: at the end of a stream, a sign of a cut.</summary>
    public bool HasPartial => _eventStart >= 0 || _lineStart < _end;

    /// <summary>Adds bytes as they came. Spans given out before are no longer valid.</summary>
    public void Push(ReadOnlySpan<byte> chunk)
    {
        if (_failed)
            return;
        Compact();
        EnsureRoom(ref _buffer, _end + chunk.Length);
        chunk.CopyTo(_buffer.AsSpan(_end));
        _end += chunk.Length;
    }

    /// <summary>Reads the next whole event. An event cut off by the end of the stream is never given out.</summary>
    public SseReadStatus TryRead(out SseFrame frame)
    {
        while (!_failed && TryReadLine(out var line))
        {
            if (line.Length == 0)
            {
                if (TakeEvent(out frame))
                    return SseReadStatus.Frame;
                continue;
            }

            TakeField(line.Start, _buffer.AsSpan(line.Start, line.Length));
            _failed = _eventStart >= 0 && _scanned - _eventStart > maxEventBytes;
        }

        frame = default;
        return _failed ? SseReadStatus.TooLong : SseReadStatus.NeedMore;
    }

    private bool TryReadLine(out (int Start, int Length) line)
    {
        line = default;
        if (!_begun && !SkipByteOrderMark())
            return false;
        if (_skipLineFeed && _scanned < _end)
        {
            // The line ended with the CR already; this LF belongs to it.
            _skipLineFeed = false;
            if (_buffer[_scanned] == (byte)'\n')
                _lineStart = ++_scanned;
        }

        var found = _buffer.AsSpan(_scanned, _end - _scanned).IndexOfAny((byte)'\r', (byte)'\n');
        var lineEnd = found < 0 ? _end : _scanned + found;
        _failed = lineEnd - _lineStart > maxLineBytes;
        _scanned = lineEnd;
        if (found < 0 || _failed)
            return false;
        line = (_lineStart, lineEnd - _lineStart);
        _skipLineFeed = _buffer[lineEnd] == (byte)'\r';
        _lineStart = ++_scanned;
        return true;
    }

    private bool SkipByteOrderMark()
    {
        var mark = "\uFEFF"u8;
        var unread = _buffer.AsSpan(_lineStart, _end - _lineStart);
        if (unread.Length < mark.Length && mark.StartsWith(unread))
            return false;
        _begun = true;
        if (unread.StartsWith(mark))
            _lineStart = _scanned = _lineStart + mark.Length;
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
            _name = value;
            Begin(start);
        }

        // Comments (an empty field) and the fields id, retry and any other say nothing to us.
    }

    private void TakeData(int start, (int Start, int Length) value)
    {
        Begin(start);
        switch (_dataLines++)
        {
            case 0:
                _data = value;
                break;
            case 1:
                _joinedLength = 0;
                Join(_data, newLine: false);
                Join(value, newLine: true);
                break;
            default:
                Join(value, newLine: true);
                break;
        }
    }

    private void Join((int Start, int Length) value, bool newLine)
    {
        EnsureRoom(ref _joined, _joinedLength + value.Length + 1);
        if (newLine)
            _joined[_joinedLength++] = (byte)'\n';
        _buffer.AsSpan(value.Start, value.Length).CopyTo(_joined.AsSpan(_joinedLength));
        _joinedLength += value.Length;
    }

    private void Begin(int start)
    {
        if (_eventStart < 0)
            _eventStart = start;
    }

    /// <summary>Ends the event under way. Without data there is none to give out.</summary>
    private bool TakeEvent(out SseFrame frame)
    {
        var lines = _dataLines;
        var payload = lines == 1 ? _buffer.AsSpan(_data.Start, _data.Length) : _joined.AsSpan(0, _joinedLength);
        frame = new SseFrame(_buffer.AsSpan(_name.Start, _name.Length), payload);
        _eventStart = -1;
        _name = default;
        _dataLines = 0;
        return lines > 0;
    }

    /// <summary>Moves what is still needed to the front of the buffer.</summary>
    private void Compact()
    {
        var held = _eventStart >= 0 ? _eventStart : _lineStart;
        if (held == 0)
            return;
        _buffer.AsSpan(held, _end - held).CopyTo(_buffer);
        _lineStart -= held;
        _scanned -= held;
        _end -= held;
        _eventStart -= _eventStart >= 0 ? held : 0;
        // An empty range may stay where it is: it only has to lie inside the buffer.
        _name.Start -= _name.Length > 0 ? held : 0;
        _data.Start -= _data.Length > 0 && _dataLines > 0 ? held : 0;
    }

    private static void EnsureRoom(ref byte[] array, int length)
    {
        if (array.Length < length)
            Array.Resize(ref array, Math.Max(array.Length * 2, length));
    }
}
