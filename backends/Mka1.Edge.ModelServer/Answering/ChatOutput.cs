using System.Buffers;
using Mka1.Edge.Responses;

namespace Mka1.Edge.ModelServer.Answering;

/// <summary>Sends an answer's events as chat chunks.</summary>
internal sealed class ChatOutput(SseOutput output, bool includeUsage) : IAnswerOutput
{
    private readonly ArrayBufferWriter<byte> _events = new(1024);
    private readonly ChatChunkWriter _chunks = new(output.Events, includeUsage);

    public IBufferWriter<byte> Events => _events;

    public ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        _chunks.Push(_events.WrittenSpan);
        _events.ResetWrittenCount();
        return output.FlushAsync(cancellationToken);
    }

    public ValueTask KeepAliveAsync(CancellationToken cancellationToken) => output.KeepAliveAsync(cancellationToken);
}
