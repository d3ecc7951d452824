using System.Buffers.Text;

namespace Mka1.Edge.LoadTests.Wire;

/// <summary>
/// Reads one HTTP/1.1 answer from pieces that may end anywhere, keeping state and no body: where it ends, its status, and how many
/// events it holds. Knows what the sides of a comparison send: a length or chunks.
/// </summary>
internal sealed class AnswerParser
{
    private const int MaxHead = 32 * 1024;
    private const int ChunkEnd = 2;

    private readonly byte[] _head = new byte[MaxHead];
    private Part _part;
    private int _headLength;
    private long _left;
    private bool _lineStarts;
    private bool _inExtension;
    private int _namedEvents;
    private int _dataLines;
    private long _bodyBytes;
    private int _status;

    private enum Part
    {
        Head,
        Body,
        ChunkSize,
        Chunk,
        ChunkEnd,
        Trailer,
        Complete,
    }

    public bool Complete => _part == Part.Complete;

    /// <summary>Whether anything of the answer has come.</summary>
    public bool Begun => _headLength > 0 || _part != Part.Head;

    /// <summary>Whether the connection may be used again.</summary>
    public bool KeepsAlive { get; private set; }

    public WireAnswer Answer => new(Complete ? _status : 0, _namedEvents > 0 ? _namedEvents : _dataLines, _bodyBytes);

    public void Reset()
    {
        (_part, _headLength, _left, _lineStarts, _inExtension) = (Part.Head, 0, 0, true, false);
        (_namedEvents, _dataLines, _bodyBytes, _status, KeepsAlive) = (0, 0, 0, 0, true);
    }

    /// <exception cref="InvalidDataException">This is no answer that can be understood.</exception>
    public void Read(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0 && _part != Part.Complete)
        {
            bytes = bytes[(_part switch
            {
                Part.Head => ReadHead(bytes),
                Part.Body or Part.Chunk => ReadBody(bytes),
                Part.ChunkSize => ReadChunkSize(bytes),
                Part.ChunkEnd => Skip(bytes),
                _ => ReadTrailer(bytes),
            })..];
        }
    }

    private int ReadHead(ReadOnlySpan<byte> bytes)
    {
        var known = _headLength;
        var some = Math.Min(bytes.Length, MaxHead - known);
        bytes[..some].CopyTo(_head.AsSpan(known));
        _headLength += some;
        var end = _head.AsSpan(0, _headLength).IndexOf("\r\n\r\n"u8);
        if (end < 0) return _headLength < MaxHead ? some : throw new InvalidDataException("The head of an answer is too long.");
        TakeHead(_head.AsSpan(0, end + 2));
        return end + 4 - known;
    }

    private void TakeHead(ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith("HTTP/1.1 "u8) || !Utf8Parser.TryParse(head[9..], out _status, out _)) throw new InvalidDataException("An answer does not begin with a status.");
        var chunked = false;
        var length = -1L;
        var rest = head[(head.IndexOf((byte)'\n') + 1)..];
        while (rest.Length > 0)
        {
            var end = rest.IndexOf((byte)'\n');
            var line = rest[..end].TrimEnd((byte)'\r');
            rest = rest[(end + 1)..];
            if (Value(line, "content-length:"u8) is { Length: > 0 } size) _ = Utf8Parser.TryParse(size, out length, out _);
            else if (Value(line, "transfer-encoding:"u8).SequenceEqual("chunked"u8)) chunked = true;
            else if (Value(line, "connection:"u8).SequenceEqual("close"u8)) KeepsAlive = false;
        }

        if (!chunked && length < 0 && _status != 204) throw new InvalidDataException("An answer has neither a length nor chunks.");
        _left = Math.Max(0, length);
        _part = chunked ? Part.ChunkSize : _left == 0 ? Part.Complete : Part.Body;
        if (chunked) _left = 0;
    }

    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name) =>
        line.Length >= name.Length && System.Text.Ascii.EqualsIgnoreCase(line[..name.Length], name) ? line[name.Length..].Trim((byte)' ') : default;

    private int ReadBody(ReadOnlySpan<byte> bytes)
    {
        var some = (int)Math.Min(bytes.Length, _left);
        Count(bytes[..some]);
        _left -= some;
        _bodyBytes += some;
        if (_left > 0) return some;
        (_part, _left) = _part == Part.Body ? (Part.Complete, 0) : (Part.ChunkEnd, ChunkEnd);
        return some;
    }

    /// <summary>Lines that begin with an e are events, lines that begin with a d their data; a JSON body has one line and neither.</summary>
    private void Count(ReadOnlySpan<byte> body)
    {
        while (body.Length > 0)
        {
            if (_lineStarts)
            {
                if (body[0] == (byte)'e') _namedEvents++;
                else if (body[0] == (byte)'d') _dataLines++;
                _lineStarts = false;
            }

            var end = body.IndexOf((byte)'\n');
            if (end < 0) return;
            _lineStarts = true;
            body = body[(end + 1)..];
        }
    }

    private int ReadChunkSize(ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            switch (bytes[i])
            {
                case (byte)'\n':
                    _part = _left == 0 ? Part.Trailer : Part.Chunk;
                    (_inExtension, _headLength) = (false, 0);
                    return i + 1;
                case (byte)';':
                    _inExtension = true;
                    break;
                case var digit when !_inExtension && char.IsAsciiHexDigit((char)digit):
                    _left = (_left * 16) + (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
                    break;
            }
        }

        return bytes.Length;
    }

    private int Skip(ReadOnlySpan<byte> bytes)
    {
        var some = (int)Math.Min(bytes.Length, _left);
        _left -= some;
        if (_left == 0) _part = Part.ChunkSize;
        return some;
    }

    /// <summary>Lines up to an empty one.</summary>
    private int ReadTrailer(ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == (byte)'\n')
            {
                if (_headLength == 0)
                {
                    _part = Part.Complete;
                    return i + 1;
                }

                _headLength = 0;
            }
            else if (bytes[i] != (byte)'\r')
            {
                _headLength++;
            }
        }

        return bytes.Length;
    }
}
