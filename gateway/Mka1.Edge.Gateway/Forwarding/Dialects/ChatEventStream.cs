using System.Buffers;
using Mka1.Edge.Gateway.Streaming;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Forwarding.Dialects;

/// <summary>
/// A chat server's event stream, read as that of the Responses API, at the reader's pace. It ends without a terminal event when the
/// server's ends before the answer does.
/// </summary>
internal sealed class ChatEventStream : Stream
{
    private const int ChunkBytes = 16 * 1024;

    private readonly Stream _chat;
    private readonly ArrayBufferWriter<byte> _events = new(ChunkBytes);
    private readonly ChatStreamTranslator _translator;
    private readonly byte[] _chunk = new byte[ChunkBytes];
    private int _given;
    private bool _cut;

    public ChatEventStream(Stream chat, ResponseObject skeleton, int maxEventBytes)
    {
        _chat = chat;
        _translator = new ChatStreamTranslator(_events, skeleton, static () => 0, maxEventBytes);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="UpstreamProtocolException">The server's stream makes no sense from here on.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_given == _events.WrittenCount)
        {
            if (_cut || _translator.State == ChatStreamState.Ended) return 0;
            if (_translator.State == ChatStreamState.Broken) throw new UpstreamProtocolException(_translator.Fault!);
            await TranslateAsync(cancellationToken);
        }

        var count = Math.Min(buffer.Length, _events.WrittenCount - _given);
        _events.WrittenSpan.Slice(_given, count).CopyTo(buffer.Span);
        _given += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read it asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _translator.Dispose();
            _chat.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask TranslateAsync(CancellationToken cancellation)
    {
        _events.ResetWrittenCount();
        _given = 0;
        var read = await _chat.ReadAsync(_chunk, cancellation);
        if (read == 0)
        {
            _cut = _translator.End() != ChatStreamState.Ended;
            return;
        }

        _translator.Push(_chunk.AsSpan(0, read));

        // What says nothing is a sign of life all the same, and goes on as one.
        if (_events.WrittenCount == 0 && _translator.State == ChatStreamState.Open) SseWriter.WriteKeepAlive(_events);
    }
}
