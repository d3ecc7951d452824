using System.Buffers;

namespace Mka1.Edge.Responses;

/// <summary>Writes server-sent events: only <c>\n</c>, and each event with its blank line as one contiguous write (contract.md E.1).</summary>
public static class SseWriter
{
    /// <summary>Writes <c>event:</c> and <c>data:</c>. A line break inside the JSON is white space and becomes a space.</summary>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> eventName, ReadOnlySpan<byte> data) => throw new NotSupportedException();

    /// <summary>Writes <c>data: [DONE]</c>.</summary>
    public static void WriteDone(IBufferWriter<byte> output) => throw new NotSupportedException();

    /// <summary>Writes the comment <c>: keep-alive</c>, which every client skips.</summary>
    public static void WriteKeepAlive(IBufferWriter<byte> output) => throw new NotSupportedException();
}
