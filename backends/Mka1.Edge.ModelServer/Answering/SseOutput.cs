using System.Buffers;
using System.IO.Pipelines;
using Mka1.Edge.Responses;

namespace Mka1.Edge.ModelServer.Answering;

/// <summary>Sends events to the caller as they come.</summary>
/// <remarks>
/// Kestrel lets a reader that takes nothing hold its answer for minutes, so each write has a time limit of its own.
/// </remarks>
internal sealed class SseOutput(HttpContext context, TimeSpan writeStall, TimeProvider clock, ILogger logger) : IAnswerOutput
{
    public IBufferWriter<byte> Events => context.Response.BodyWriter;

    /// <summary>Sends the headers; the status is 200 from here on.</summary>
    public void Start()
    {
        var response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache";
        // Proxies of the nginx family hold a stream back unless told not to.
        response.Headers["X-Accel-Buffering"] = "no";
    }

    public ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        var flush = context.Response.BodyWriter.FlushAsync(cancellationToken);
        if (!flush.IsCompletedSuccessfully)
            return WaitAsync(flush.AsTask());
        Check(flush.GetAwaiter().GetResult());
        return ValueTask.CompletedTask;
    }

    public ValueTask KeepAliveAsync(CancellationToken cancellationToken)
    {
        SseWriter.WriteKeepAlive(Events);
        return FlushAsync(cancellationToken);
    }

    private async ValueTask WaitAsync(Task<FlushResult> flush)
    {
        try
        {
            Check(await flush.WaitAsync(writeStall, clock, CancellationToken.None));
        }
        catch (TimeoutException)
        {
            logger.Stalled(context.TraceIdentifier, writeStall);
            context.Abort();
            throw new OperationCanceledException("The reader takes nothing.");
        }
    }

    private static void Check(FlushResult result)
    {
        if (result.IsCompleted)
            throw new OperationCanceledException("The reader left.");
    }
}
