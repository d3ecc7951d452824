using System.Buffers;

namespace Mka1.Edge.Responses;

/// <summary>Takes events nobody reads, where only the response they add up to is wanted.</summary>
internal sealed class DiscardedBytes : IBufferWriter<byte>
{
    private byte[] _scratch = new byte[1024];

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
