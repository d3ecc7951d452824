using System.Buffers;
using Mka1.Edge.Gateway.Streaming;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Benchmarks;

/// <summary>Writes events as a client gets them, counts them and keeps none.</summary>
internal sealed class CountingOutput : IRunOutput
{
    private readonly ArrayBufferWriter<byte> _buffer = new(4096);

    public int Events { get; private set; }

    public bool Started => Events > 0;

    public TimeSpan? Silence => null;

    public void Write(long sequence, ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        _buffer.ResetWrittenCount();
        SseWriter.Write(_buffer, name, data);
        Events++;
    }

    public void WriteKeepAlive()
    {
    }

    public ValueTask FlushAsync() => ValueTask.CompletedTask;

    public ValueTask EndAsync(ResponseObject final) => ValueTask.CompletedTask;
}
