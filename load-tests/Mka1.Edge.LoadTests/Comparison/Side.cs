using System.Net;
using Mka1.Edge.LoadTests.Wire;

namespace Mka1.Edge.LoadTests.Comparison;

/// <summary>One of the ways from the client to the model server.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Server">Where it listens.</param>
/// <param name="Process">The process that stands between; null for none.</param>
/// <param name="Json">Requests without a stream, sent in turn.</param>
/// <param name="Sse">Requests with a stream, sent in turn.</param>
internal sealed record Side(string Name, IPEndPoint Server, int? Process, IReadOnlyList<byte[]> Json, IReadOnlyList<byte[]> Sse)
{
    public ProcessUsage Usage => Process is { } id ? ProcessUsage.Of(id) : default;

    /// <summary>Waits until it answers, and makes sure that it answers with what the model server said.</summary>
    /// <param name="events">Events of the model server's stream; more may come, such as an end marker.</param>
    /// <exception cref="InvalidOperationException">It does not.</exception>
    public async Task CheckAsync(int events)
    {
        using var connection = new WireConnection(Server);
        WireAnswer json = default;
        for (var i = 0; i < 300 && json.Status is 0 or 502 or 503; i++)
        {
            json = await connection.ExchangeAsync(Json[0]);
            if (!json.Served) await Task.Delay(100);
        }

        var sse = await connection.ExchangeAsync(Sse[0]);
        if (!json.Served || json.BodyBytes < 100) throw new InvalidOperationException($"{Name}: a request is answered with {json}.");
        if (!sse.Served || sse.Events < events) throw new InvalidOperationException($"{Name}: a stream is answered with {sse}, not with {events} events.");
    }
}
