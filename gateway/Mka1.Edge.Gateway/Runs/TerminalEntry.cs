using System.Text;
using Mka1.Edge.Gateway.Streaming;
using Mka1.Edge.Responses;
using Mka1.Edge.Stores.Streams;

namespace Mka1.Edge.Gateway.Runs;

/// <summary>The terminal event as an entry of the log.</summary>
internal static class TerminalEntry
{
    public static StreamEntry Of(ResponseStatus status, long sequence, ReadOnlyMemory<byte> body)
    {
        var name = TerminalEvent.NameOf(status);
        return new StreamEntry(sequence, Encoding.ASCII.GetBytes(name), TerminalEvent.Data(name, sequence, body.Span));
    }
}
