using System.Text;

namespace Mka1.Edge.Gateway.Tests.Support;

/// <summary>Scripts that several tests play.</summary>
public static class Scripts
{
    /// <summary>A whole answer, JSON or stream as asked for.</summary>
    public static Func<UpstreamCall, Task> Completed(params string[] deltas) => call =>
        call.Headers["Accept"].Contains("text/event-stream")
            ? Stream(Transcript.Text(deltas))(call)
            : Json(Transcript.Response(string.Concat(deltas)))(call);

    /// <summary>A JSON answer, or anything else with a length.</summary>
    public static Func<UpstreamCall, Task> Json(string body, int status = 200, string contentType = "application/json", string headers = "") => async call =>
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        await call.SendAsync($"HTTP/1.1 {status} Scripted\r\nContent-Type: {contentType}\r\nContent-Length: {bytes.Length}\r\n{headers}\r\n");
        await call.SendAsync(bytes);
        call.KeepAlive = true;
    };

    /// <summary>A stream of events, each in a chunk of its own, ended in order.</summary>
    public static Func<UpstreamCall, Task> Stream(IEnumerable<SseEvent> events) => Stream([.. events.Select(e => e.ToString())]);

    /// <summary>A stream of the given pieces, each in a chunk of its own, ended in order.</summary>
    public static Func<UpstreamCall, Task> Stream(params string[] pieces) => async call =>
    {
        await call.StartAsync();
        foreach (var piece in pieces) await call.ChunkAsync(piece);
        await call.EndAsync();
    };

    /// <summary>The given bytes and then an orderly end of the connection.</summary>
    public static Func<UpstreamCall, Task> CutWithFin(ReadOnlyMemory<byte> bytes) => async call =>
    {
        await call.SendAsync(bytes);
        call.Finish();
        await call.HoldAsync();
    };

    /// <summary>The given bytes and then a reset.</summary>
    public static Func<UpstreamCall, Task> CutWithReset(ReadOnlyMemory<byte> bytes) => async call =>
    {
        await call.SendAsync(bytes);
        call.Reset();
    };

    /// <summary>Takes the request and never answers.</summary>
    public static Task Silence(UpstreamCall call) => call.HoldAsync();

    /// <summary>Takes the request and resets the connection.</summary>
    public static Task Reset(UpstreamCall call)
    {
        call.Reset();
        return Task.CompletedTask;
    }

    /// <summary>Headers of a stream, the given events, and then silence.</summary>
    public static Func<UpstreamCall, Task> StreamThenSilence(IEnumerable<SseEvent> events) => async call =>
    {
        await call.StartAsync();
        foreach (var e in events) await call.ChunkAsync(e.ToString());
        await call.HoldAsync();
    };

    /// <summary>Headers of a stream, the given events, and then a reset.</summary>
    public static Func<UpstreamCall, Task> StreamCut(IEnumerable<SseEvent> events) => async call =>
    {
        await call.StartAsync();
        foreach (var e in events) await call.ChunkAsync(e.ToString());
        call.Reset();
    };
}
