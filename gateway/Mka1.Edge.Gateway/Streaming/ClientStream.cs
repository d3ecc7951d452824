using System.IO.Pipelines;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Streaming;

/// <summary>
/// The client's side of a stream. The response begins with the first event, so that everything before it can still be
/// refused with a status. A client that leaves its stream unread is cut after the configured time: behind it a model server
/// may wait.
/// </summary>
internal sealed class ClientStream(HttpContext http, EdgeConfig config, TimeProvider clock)
{
    private readonly PipeWriter _output = http.Response.BodyWriter;
    private readonly TimeSpan _stall = TimeSpan.FromSeconds(config.Limits.WriteStallSeconds);

    private long _lastWrite = clock.GetTimestamp();

    /// <summary>How long ago something was last written.</summary>
    public TimeSpan Silence => clock.GetElapsedTime(_lastWrite);

    /// <summary>Whether the status has left.</summary>
    public bool Started { get; private set; }

    /// <summary>Puts an event behind those already waiting; nothing leaves before <see cref="FlushAsync"/>.</summary>
    public void Write(ReadOnlySpan<byte> eventName, ReadOnlySpan<byte> data)
    {
        Start();
        _lastWrite = clock.GetTimestamp();
        SseWriter.Write(_output, eventName, data);
    }

    /// <summary>Puts the line that ends every stream, where the configuration wants it.</summary>
    public void WriteDone()
    {
        Start();
        if (config.Compatibility.DoneMarker) SseWriter.WriteDone(_output);
    }

    /// <summary>Puts a comment that keeps proxies from closing a silent connection.</summary>
    public void WriteKeepAlive()
    {
        Start();
        _lastWrite = clock.GetTimestamp();
        SseWriter.WriteKeepAlive(_output);
    }

    /// <summary>Sends what is waiting; does not return before the client's side has room again.</summary>
    /// <exception cref="ClientStalledException">The client read nothing for the configured time.</exception>
    /// <exception cref="OperationCanceledException">The client is gone.</exception>
    public async ValueTask FlushAsync()
    {
        var flush = _output.FlushAsync(http.RequestAborted);
        if (flush.IsCompleted)
        {
            await flush;
            http.RequestAborted.ThrowIfCancellationRequested();
            return;
        }

        await StallGuard.WaitAsync(http, flush.AsTask(), _stall, clock);
        http.RequestAborted.ThrowIfCancellationRequested();
    }

    private void Start()
    {
        if (Started) return;
        Started = true;
        var headers = http.Response.Headers;
        http.Response.StatusCode = StatusCodes.Status200OK;
        http.Response.ContentType = "text/event-stream";
        headers.CacheControl = "no-cache";
        headers["X-Accel-Buffering"] = "no";
    }
}
