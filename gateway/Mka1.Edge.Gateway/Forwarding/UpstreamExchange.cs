using Mka1.Edge.Gateway.Forwarding.Destinations;
using Mka1.Edge.Gateway.Pipeline;
using Yarp.ReverseProxy.Forwarder;

namespace Mka1.Edge.Gateway.Forwarding;

/// <summary>
/// One attempt at one destination, as YARP sees it. The request leaves with headers from a short list and nothing the client
/// sent; the answer goes to a reader, not to a client: a run is not a connection.
/// </summary>
internal sealed class UpstreamExchange(
    ResponseRun run, ModelPool pool, byte[] body, UpstreamAttempt attempt, IUpstreamReader reader, TimeProvider clock)
    : HttpTransformer
{
    private readonly long _sentAt = clock.GetTimestamp();

    /// <summary>Whether the destination has answered with something other than that it has no room.</summary>
    public bool Answered { get; private set; }

    public override ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        proxyRequest.RequestUri = RequestUtilities.MakeDestinationAddress(destinationPrefix, pool.Path, QueryString.Empty);
        UpstreamHeaders.Add(proxyRequest, run.RequestId, attempt.Destination.ApiKey, run.UpstreamStreams ? "text/event-stream" : "application/json");
        WholeBodyHandler.Attach(proxyRequest, body);
        return ValueTask.CompletedTask;
    }

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        run.Waits.Add(clock.GetElapsedTime(_sentAt));
        if (proxyResponse is null) return false;
        if (!attempt.Hear(proxyResponse)) return false;

        Answered = true;
        run.Outcome.TimeToFirstByte = clock.GetElapsedTime(run.StartedAt);
        await reader.ReadAsync(pool.Dialect.Answer(proxyResponse, run), attempt);
        return false;
    }
}
