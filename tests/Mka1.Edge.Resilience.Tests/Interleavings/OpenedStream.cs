using Mka1.Edge.Resilience.Tests.Support;

namespace Mka1.Edge.Resilience.Tests.Interleavings;

/// <summary>A stream, or what came in its place.</summary>
internal sealed class OpenedStream : IDisposable
{
    private EventStream? _stream;

    private OpenedStream(EventStream? stream, Answer? answer) => (_stream, Answer) = (stream, answer);

    public EventStream? Stream => _stream;

    public Answer? Answer { get; }

    public static async Task<OpenedStream> OfAsync(HttpResponseMessage message)
    {
        if (message.Content.Headers.ContentType?.MediaType == "text/event-stream")
            return new OpenedStream(new EventStream(message, new StreamReader(await message.Content.ReadAsStreamAsync())), null);
        using (message) return new OpenedStream(null, new Answer(message.StatusCode, null, await message.Content.ReadAsStringAsync(Patience.Within(Patience.Long))));
    }

    /// <summary>The stream, which is the caller's to leave from now on.</summary>
    public EventStream Take() => Interlocked.Exchange(ref _stream, null) ?? throw new InvalidOperationException("There is no stream.");

    public void Dispose() => _stream?.Dispose();
}
