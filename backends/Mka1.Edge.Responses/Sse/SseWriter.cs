using System.Buffers;

namespace Mka1.Edge.Responses;

/// <summary>Writes server-sent events: only <c>\n</c>, and each event with its blank line as one contiguous write (contract.md E.1).</summary>
public static class SseWriter
{
    /// <summary>Writes <c>event:</c> and <c>data:</c>. A line break inside the JSON is white space and becomes a space.</summary>
    /// <param name="output">Where the event goes, in one piece.</param>
    /// <param name="eventName">One line; when empty, no <c>event:</c> line is written.</param>
    /// <param name="data">JSON.</param>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> eventName, ReadOnlySpan<byte> data)
    {
        if (eventName.ContainsAny((byte)'\r', (byte)'\n'))
            throw new ArgumentException("An event's name is one line.", nameof(eventName));

        var named = !eventName.IsEmpty;
        var length = (named ? "event: \n"u8.Length + eventName.Length : 0) + "data: \n\n"u8.Length + data.Length;
        var target = output.GetSpan(length)[..length];
        var rest = target;
        if (named)
        {
            rest = Put(rest, "event: "u8);
            rest = Put(rest, eventName);
            rest = Put(rest, "\n"u8);
        }

        rest = Put(rest, "data: "u8);
        var json = rest[..data.Length];
        rest = Put(rest, data);
        // JSON text cannot hold a raw line break, so one that is there stands between tokens.
        if (json.ContainsAny((byte)'\r', (byte)'\n'))
        {
            json.Replace((byte)'\r', (byte)' ');
            json.Replace((byte)'\n', (byte)' ');
        }

        Put(rest, "\n\n"u8);
        output.Advance(length);
    }

    /// <summary>Writes <c>data: [DONE]</c>.</summary>
    public static void WriteDone(IBufferWriter<byte> output) => output.Write("data: [DONE]\n\n"u8);

    /// <summary>Writes the comment <c>: keep-alive</c>, which every client skips.</summary>
    public static void WriteKeepAlive(IBufferWriter<byte> output) => output.Write(": keep-alive\n\n"u8);

    private static Span<byte> Put(Span<byte> target, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(target);
        return target[bytes.Length..];
    }
}
