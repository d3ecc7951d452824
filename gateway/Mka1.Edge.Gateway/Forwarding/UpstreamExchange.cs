using System.Net;
using System.Net.Http.Headers;
using Mka1.Edge.Gateway.Forwarding.Dialects;
using Mka1.Edge.Gateway.Pipeline;
using Yarp.ReverseProxy.Forwarder;

namespace Mka1.Edge.Gateway.Forwarding;

/// <summary>
/// One attempt at one destination, as YARP sees it. The request leaves with headers from a short list and nothing the client
/// sent; the answer goes to a reader, not to a client: a run is not a connection.
/// </summary>
internal sealed class UpstreamExchange(
    ResponseRun run, PoolDialect dialect, string path, string? apiKey, IUpstreamReader reader, UpstreamDeadline deadline, TimeProvider clock)
    : HttpTransformer
{
    private readonly long _sentAt = clock.GetTimestamp();

    /// <summary>Whether the destination has answered. From here on no other destination may be tried.</summary>
    public bool Answered { get; private set; }

    /// <summary>Whether the destination took no work: it said so (429, 503), did nothing, and another may have room.</summary>
    public bool Busy { get; private set; }

    public override ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        proxyRequest.RequestUri = RequestUtilities.MakeDestinationAddress(destinationPrefix, path, QueryString.Empty);
        UpstreamHeaders.Add(proxyRequest, run.RequestId, apiKey, run.UpstreamStreams ? "text/event-stream" : "application/json");
        proxyRequest.Content!.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        proxyRequest.Content.Headers.ContentLength = httpContext.Request.ContentLength;
        return ValueTask.CompletedTask;
    }

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        run.Waits.Add(clock.GetElapsedTime(_sentAt));
        if (proxyResponse is null) return false;
        Busy = proxyResponse.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;
        if (Busy) return false;

        Answered = true;
        run.Outcome.TimeToFirstByte = clock.GetElapsedTime(run.StartedAt);
        await reader.ReadAsync(dialect.Answer(proxyResponse, run), deadline);
        return false;
    }
}
