using System.Threading.Channels;

namespace Mka1.Edge.Gateway.Tests.Support;

/// <summary>A model server's stream that goes on event by event, when the test says so. Serves one call.</summary>
public sealed class SteppedStream
{
    private readonly Channel<string> _pieces = Channel.CreateUnbounded<string>();

    /// <summary>What the model server plays.</summary>
    public async Task PlayAsync(UpstreamCall call)
    {
        await call.StartAsync();
        await foreach (var piece in _pieces.Reader.ReadAllAsync()) await call.ChunkAsync(piece);
        await call.EndAsync();
    }

    /// <summary>Says these events, all in one piece.</summary>
    public void Say(params IEnumerable<SseEvent> events) => _pieces.Writer.TryWrite(string.Concat(events));

    /// <summary>Says these events and ends.</summary>
    public void End(params IEnumerable<SseEvent> events)
    {
        Say(events);
        _pieces.Writer.Complete();
    }
}
