using System.Text;

namespace Mka1.Edge.Gateway.Tests.Support;

/// <summary>Pieces of HTTP/1.1 and of event streams, built and taken apart without the code under test.</summary>
public static class Wire
{
    /// <summary>One chunk of a chunked body.</summary>
    public static string Chunk(string text) => $"{Encoding.UTF8.GetByteCount(text):x}\r\n{text}\r\n";

    /// <summary>Splits a whole event stream into events; comments are left out, <c>[DONE]</c> is an event without a name.</summary>
    public static IReadOnlyList<SseEvent> Events(string stream)
    {
        var events = new List<SseEvent>();
        foreach (var block in stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = block.Split('\n');
            var name = lines.FirstOrDefault(l => l.StartsWith("event: ", StringComparison.Ordinal))?["event: ".Length..] ?? "";
            var data = lines.Where(l => l.StartsWith("data: ", StringComparison.Ordinal)).Select(l => l["data: ".Length..]).ToArray();
            if (data.Length > 0) events.Add(new SseEvent(name, string.Join('\n', data)));
        }

        return events;
    }
}
