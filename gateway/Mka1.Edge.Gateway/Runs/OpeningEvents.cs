using System.Text;
using Mka1.Edge.Gateway.Streaming;
using Mka1.Edge.Responses;
using Mka1.Edge.Stores.Streams;

namespace Mka1.Edge.Gateway.Runs;

/// <summary>
/// The first events of a background stream, which the gateway writes itself: made from the stored body alone, so that
/// whichever replica writes them, they are the same bytes.
/// </summary>
internal static class OpeningEvents
{
    /// <summary>How many events stand before the model's first one: created, queued, in_progress.</summary>
    public const long Count = 3;

    /// <summary>Of a response that is queued.</summary>
    public static IReadOnlyList<StreamEntry> Queued(ReadOnlyMemory<byte> queuedBody) =>
        [Event(EventNames.Created, 0, queuedBody), Event(EventNames.Queued, 1, queuedBody)];

    /// <summary>All three, of a response that a worker has taken up.</summary>
    public static IReadOnlyList<StreamEntry> Started(ReadOnlyMemory<byte> queuedBody, ReadOnlyMemory<byte> startedBody) =>
        [.. Queued(queuedBody), Event(EventNames.InProgress, 2, startedBody)];

    private static StreamEntry Event(string name, long sequence, ReadOnlyMemory<byte> body) =>
        new(sequence, Encoding.ASCII.GetBytes(name), TerminalEvent.Data(name, sequence, body.Span));
}
