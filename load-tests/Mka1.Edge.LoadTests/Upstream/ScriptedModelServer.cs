using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;

namespace Mka1.Edge.LoadTests.Upstream;

/// <summary>
/// A model server that does what a <see cref="Script"/> says and costs as little as can be, so that the gateway is what is
/// measured.
/// </summary>
public sealed class ScriptedModelServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Script _standard;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<long>> _left = new();
    private long _requests;

    private ScriptedModelServer(Script standard, string address)
    {
        _standard = standard;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public string Address => _app.Urls.First();

    /// <summary>Requests begun so far.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <param name="standard">What is done for requests that do not say; null for <see cref="Script.Default"/>.</param>
    /// <param name="address">Where to listen.</param>
    public static async Task<ScriptedModelServer> StartAsync(Script? standard = null, string address = "http://127.0.0.1:0")
    {
        var server = new ScriptedModelServer(standard ?? Script.Default, address);
        await server._app.StartAsync();
        return server;
    }

    /// <summary>Completes with the <see cref="TimeProvider"/> timestamp at which the client of the request with this id had left.</summary>
    public Task<long> Left(int id) => Leaving(id).Task;

    /// <summary>Serves until the process is told to end.</summary>
    public Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        if (!HttpMethods.IsPost(http.Request.Method) || http.Request.Path != "/v1/responses")
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        Interlocked.Increment(ref _requests);
        var (script, streams) = await ReadAsync(http.Request.BodyReader);
        try
        {
            if (script.TimeToFirstToken > 0) await Task.Delay(script.TimeToFirstToken, http.RequestAborted);
            if (script.Status != StatusCodes.Status200OK) await WriteAsync(http, script.Status, ScriptedAnswer.Fault);
            else if (streams) await StreamAsync(http, script);
            else if (script.HoldAfter >= 0) await Task.Delay(Timeout.Infinite, http.RequestAborted);
            else await WriteAsync(http, StatusCodes.Status200OK, ScriptedAnswer.Json());
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The client has left.
            if (script.Id >= 0) Leaving(script.Id).TrySetResult(TimeProvider.System.GetTimestamp());
        }
    }

    private async ValueTask<(Script Script, bool Streams)> ReadAsync(PipeReader body)
    {
        while (true)
        {
            var read = await body.ReadAsync();
            if (!read.IsCompleted)
            {
                body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            var text = read.Buffer.IsSingleSegment ? read.Buffer.FirstSpan : read.Buffer.ToArray();
            var result = (_standard.Read(text), text.IndexOf("\"stream\":true"u8) >= 0);
            body.AdvanceTo(read.Buffer.End);
            return result;
        }
    }

    private static async Task WriteAsync(HttpContext http, int status, byte[] body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        await http.Response.BodyWriter.WriteAsync(body, http.RequestAborted);
    }

    private static async Task StreamAsync(HttpContext http, Script script)
    {
        var (writer, gone) = (http.Response.BodyWriter, http.RequestAborted);
        http.Response.ContentType = "text/event-stream";
        await writer.WriteAsync(ScriptedAnswer.Opening, gone);
        for (var i = 0; i < script.Deltas; i++)
        {
            if (i == script.CutAfter)
            {
                http.Abort();
                return;
            }

            if (i == script.HoldAfter) await Task.Delay(Timeout.Infinite, gone);
            if (script.InterTokenTime > 0 && i > 0) await Task.Delay(script.InterTokenTime, gone);
            writer.Write(ScriptedAnswer.Delta(i));
            if ((i + 1) % script.Burst == 0) await writer.FlushAsync(gone);
        }

        gone.ThrowIfCancellationRequested();
        await writer.WriteAsync(ScriptedAnswer.Closing(script.Deltas), gone);
    }

    private TaskCompletionSource<long> Leaving(int id) => _left.GetOrAdd(id, static _ => new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));
}
