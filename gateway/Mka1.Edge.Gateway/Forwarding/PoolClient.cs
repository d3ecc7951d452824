using System.Net;
using System.Net.Http.Headers;
using Mka1.Edge.Gateway.Forwarding.Destinations;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Responses;
using Yarp.ReverseProxy.Forwarder;

namespace Mka1.Edge.Gateway.Forwarding;

/// <summary>
/// Asks a pool's model servers a question of the gateway's own, whose answer no client sees as it is. Another destination is
/// tried for as long as none has answered whole: nobody has seen anything of a first try.
/// </summary>
internal sealed class PoolClient(DestinationPicker picker, TimeProvider clock, ILogger<PoolClient> logger)
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>Sends a JSON body to the pool of the run's variant.</summary>
    /// <param name="run">The run, routed.</param>
    /// <param name="route">What comes behind the pool's path, such as <c>/input_tokens</c>; empty for the path itself.</param>
    /// <param name="body">The body.</param>
    /// <param name="cancellation">Gives up.</param>
    public async ValueTask<PoolAnswer> PostAsync(ResponseRun run, string route, byte[] body, CancellationToken cancellation)
    {
        var began = clock.GetTimestamp();
        try
        {
            return await AskAsync(run, route, body, cancellation);
        }
        finally
        {
            run.Waits.Add(clock.GetElapsedTime(began));
        }
    }

    private async ValueTask<PoolAnswer> AskAsync(ResponseRun run, string route, byte[] body, CancellationToken cancellation)
    {
        var pool = run.Snapshot.Pools[run.Route.Variant.Pool];
        var firstByte = pool.Config.FirstByteTimeoutSeconds;
        var tried = new List<PoolDestination>();
        var busy = false;
        while (picker.Pick(pool, tried) is { } lease)
        {
            using (lease)
            {
                var destination = lease.Destination;
                tried.Add(destination);
                using var deadline = new UpstreamDeadline(TimeSpan.FromSeconds(firstByte), clock, cancellation);
                try
                {
                    using var request = Request(run, pool, destination, route, body);
                    using var response = await pool.Cluster.HttpClient.SendAsync(request, deadline.Token);
                    if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)
                    {
                        busy = true;
                        continue;
                    }

                    return await ReadAsync(run, destination.Name, response, deadline.Token);
                }
                catch (OperationCanceledException) when (deadline.Expired)
                {
                    return new PoolAnswer.Refused(RunEnd.UpstreamTimeout, new ApiError(
                        ErrorCode.UpstreamTimeout, $"The model server did not answer within {firstByte} s. Retry, or ask for less."));
                }
                catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException && !cancellation.IsCancellationRequested)
                {
                    // Among them the connection that was not made in time.
                    logger.DestinationFailed(run.RequestId, pool.Name, destination.Name, ForwarderError.Request, e);
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

    private static HttpRequestMessage Request(ResponseRun run, ModelPool pool, PoolDestination destination, string route, byte[] body)
    {
        var request = new HttpRequestMessage(
            HttpMethod.Post, RequestUtilities.MakeDestinationAddress(destination.Address, pool.Path + route, QueryString.Empty))
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Content = new ByteArrayContent(body) { Headers = { ContentType = Json } },
        };
        UpstreamHeaders.Add(request, run.RequestId, destination.ApiKey, "application/json");
        return request;
    }
}
