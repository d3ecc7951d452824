using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Streaming;

/// <summary>Sends a whole answer to the one client that asked for it, once it is kept if it is to be.</summary>
internal sealed class JsonOutput(HttpContext http, Func<ResponseObject, byte[], ValueTask> beforeEnd) : IRunOutput
{
    public bool Started => http.Response.HasStarted;

    public TimeSpan? Silence => null;

    /// <summary>The client gets the whole at the end; events are there for what is counted on the way.</summary>
    public void Write(long sequence, ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
    }

    public void WriteKeepAlive()
    {
    }

    public ValueTask FlushAsync() => ValueTask.CompletedTask;

    public async ValueTask EndAsync(ResponseObject final)
    {
        var body = TerminalEvent.Body(final);
        await beforeEnd(final, body);
        await ErrorResponses.SendAsync(http.Response, body);
    }
}
