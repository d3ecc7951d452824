using System.Buffers;

namespace Mka1.Edge.ModelServer.Answering;

/// <summary>Takes events nobody reads: a JSON answer is the response they add up to. One piece of code then makes both forms.</summary>
internal sealed class DiscardedOutput : IAnswerOutput, IBufferWriter<byte>
{
    private byte[] _scratch = new byte[1024];

    public IBufferWriter<byte> Events => this;

    public ValueTask FlushAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask KeepAliveAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public void Advance(int count)
    {
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_scratch.Length < sizeHint)
            _scratch = new byte[Math.Max(sizeHint, 2 * _scratch.Length)];
        return _scratch;
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}
