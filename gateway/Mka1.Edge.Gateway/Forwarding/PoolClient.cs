using System.Net;
using System.Net.Http.Headers;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Forwarding.Dialects;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Responses;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Mka1.Edge.Gateway.Forwarding;

/// <summary>
/// Asks a pool's model servers a question of the gateway's own, whose answer no client sees as it is. Another destination is
/// tried for as long as none has answered whole: nobody has seen anything of a first try.
/// </summary>
internal sealed class PoolClient(IProxyStateLookup clusters, DestinationPicker picker, TimeProvider clock, ILogger<PoolClient> logger)
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>Sends a JSON body to the pool of the run's variant.</summary>
    /// <param name="run">The run, routed.</param>
    /// <param name="route">What comes behind the pool's path, such as <c>/input_tokens</c>; empty for the path itself.</param>
    /// <param name="body">The body.</param>
    /// <param name="cancellation">Gives up.</param>
    public async ValueTask<PoolAnswer> PostAsync(ResponseRun run, string route, byte[] body, CancellationToken cancellation)
    {
        var name = run.Route.Variant.Pool;
        var pool = run.Snapshot.Config.Pools[name];
        var tried = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var busy = false;
        while (clusters.TryGetCluster(name, out var cluster) && picker.Pick(cluster, tried) is { } lease)
        {
            using (lease)
            {
                var destination = lease.Destination.DestinationId;
                tried.Add(destination);
                using var deadline = new UpstreamDeadline(TimeSpan.FromSeconds(pool.FirstByteTimeoutSeconds), clock, cancellation);
                try
                {
                    using var request = Request(run, pool, lease.Destination, route, body);
                    using var response = await cluster.Model.HttpClient.SendAsync(request, deadline.Token);
                    if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)
                    {
                        busy = true;
                        continue;
                    }

                    return await ReadAsync(run, destination, response, deadline.Token);
                }
                catch (OperationCanceledException) when (deadline.Expired)
                {
                    return new PoolAnswer.Refused(RunEnd.UpstreamTimeout, new ApiError(
                        ErrorCode.UpstreamTimeout, $"The model server did not answer within {pool.FirstByteTimeoutSeconds} s. Retry, or ask for less."));
                }
                catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException && !cancellation.IsCancellationRequested)
                {
                    // Among them the connection that was not made in time.
                    logger.DestinationFailed(run.RequestId, name, destination, ForwarderError.Request, e);
                }
            }
        }

        return busy
            ? new PoolAnswer.Refused(RunEnd.UpstreamRefused, new ApiError(ErrorCode.Overloaded, $"Every model server of '{run.Request.Model}' is busy. Retry shortly."))
            : new PoolAnswer.Refused(RunEnd.UpstreamUnavailable, new ApiError(
                ErrorCode.NoBackendAvailable, $"No model server of '{run.Request.Model}' can be reached now. Retry shortly."));
    }

    private static async ValueTask<PoolAnswer> ReadAsync(ResponseRun run, string destination, HttpResponseMessage response, CancellationToken cancellation)
    {
        if (await UpstreamErrors.ReadAsync(response, cancellation) is { } refusal) return new PoolAnswer.Refused(RunEnd.UpstreamRefused, refusal);
        return await BoundedContent.ReadAsync(response.Content, run.Snapshot.Config.Limits.MaxResponseBytes, cancellation) is { } whole
            ? new PoolAnswer.Answered(whole, destination)
            : new PoolAnswer.Refused(RunEnd.UpstreamBroken, Senseless);
    }

    /// <summary>What a client is told when an answer is not what was asked for.</summary>
    public static ApiError Senseless { get; } = new(ErrorCode.UpstreamError, "The model server's answer made no sense. Retry.");

    private static HttpRequestMessage Request(ResponseRun run, PoolConfig pool, DestinationState destination, string route, byte[] body)
    {
        var request = new HttpRequestMessage(
            HttpMethod.Post, RequestUtilities.MakeDestinationAddress(destination.Model.Config.Address, (pool.Path ?? PoolDialect.Of(pool.Api).DefaultPath) + route, QueryString.Empty))
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Content = new ByteArrayContent(body) { Headers = { ContentType = Json } },
        };
        UpstreamHeaders.Add(request, run.RequestId, pool.Destinations.GetValueOrDefault(destination.DestinationId)?.ApiKey, "application/json");
        return request;
    }
}
