namespace Mka1.Edge.Resilience.Tests.Support;

/// <summary>A stream that a client reads event by event and may leave at any of them.</summary>
internal sealed class EventStream(HttpResponseMessage answer, StreamReader reader) : IDisposable
{
    /// <summary>Whether the marker came that ends every stream.</summary>
    public bool Done { get; private set; }

    /// <summary>The next event; null once the stream has ended.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task<ReceivedEvent?> ReadAsync(CancellationToken cancellation)
    {
        var name = "";
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line["event: ".Length..];
            else if (line == "data: [DONE]") Done = true;
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) return ReceivedEvent.Read(name, line["data: ".Length..]);
        }

        return null;
    }

    /// <summary>Adds all that is left to <paramref name="into"/>.</summary>
    public async Task ReadToEndAsync(List<ReceivedEvent> into, CancellationToken cancellation)
    {
        while (await ReadAsync(cancellation) is { } next) into.Add(next);
        Assert.True(Done, "The stream ended without its marker.");
    }

    /// <summary>Leaves; the connection is cut.</summary>
    public void Dispose()
    {
        reader.Dispose();
        answer.Dispose();
    }
}
