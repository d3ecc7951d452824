using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Mka1.Edge.Gateway.Forwarding.Destinations;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Telemetry;
using Mka1.Edge.Responses;
using Yarp.ReverseProxy.Forwarder;

namespace Mka1.Edge.Gateway.Forwarding;

/// <summary>
/// Asks a pool's model servers a question of the gateway's own, whose answer no client sees as it is. Another destination is
/// tried for as long as none has answered whole, within the retry budget: nobody has seen anything of a first try.
/// </summary>
internal sealed class PoolClient(DestinationPicker picker, EdgeTracing tracing, TimeProvider clock, ILogger<PoolClient> logger)
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>What a client is told when an answer is not what was asked for.</summary>
    public static ApiError Senseless { get; } = new(ErrorCode.UpstreamError, "The model server's answer made no sense. Retry.");

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
        (body, var unspeakable) = pool.Dialect.Request(body);
        if (unspeakable is not null) return new PoolAnswer.Refused(RunEnd.Refused, unspeakable);
        var firstByte = TimeSpan.FromSeconds(pool.Config.FirstByteTimeoutSeconds);
        var key = AffinityKeys.Of(run, pool);
        var tried = new List<PoolDestination>();
        var outcome = new RunOutcome();
        var ends = new AttemptEndings();
        pool.Enter();
        while (picker.Pick(pool, tried, key) is { } lease)
        {
            using (var attempt = new UpstreamAttempt(lease, firstByte, clock, tracing.BeginAttempt(run, pool, lease.Destination, tried.Count), cancellation))
            {
                tried.Add(attempt.Destination);
                outcome.Restart();
                var answer = await TryAsync(run, pool, route, body, attempt, outcome, cancellation);
                if (answer is not null) return answer;
                ends.Add(attempt.End, outcome);
            }

            if (!picker.MayRetry(pool, tried)) break;
        }

        var (end, error) = ends.Refusal(run, pool);
        return new PoolAnswer.Refused(end, error);
    }

    /// <returns>The answer; null when another destination may do better.</returns>
    private async ValueTask<PoolAnswer?> TryAsync(
        ResponseRun run, ModelPool pool, string route, byte[] body, UpstreamAttempt attempt, RunOutcome outcome, CancellationToken cancellation)
    {
        try
        {
            using var request = Request(run, pool, attempt.Destination, route, body);
            using var response = await pool.Cluster.HttpClient.SendAsync(request, attempt.Deadline.Token);
            if (!attempt.Hear(response)) return null;
            using var answer = pool.Dialect.Answer(response, run);
            return await ReadAsync(run, attempt, answer, outcome);
        }
        catch (OperationCanceledException) when (attempt.Interrupted != AttemptEnd.Unknown)
        {
            attempt.End = attempt.Interrupted;
            return null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            // Among them the connection that was not made in time.
            attempt.End = AttemptEnd.Unreachable;
            logger.DestinationFailed(run.RequestId, pool.Name, attempt.Destination.Name, ForwarderError.Request, e);
            return null;
        }
    }

    private static async ValueTask<PoolAnswer?> ReadAsync(ResponseRun run, UpstreamAttempt attempt, HttpResponseMessage response, RunOutcome outcome)
    {
        if (await UpstreamErrors.ReadAsync(response, attempt.Deadline.Token) is { } refusal)
        {
            attempt.End = UpstreamErrors.EndOf(response.StatusCode);
            (outcome.End, outcome.Error) = (RunEnd.UpstreamRefused, refusal);
            return attempt.End == AttemptEnd.Refused ? new PoolAnswer.Refused(outcome.End, refusal) : null;
        }

        (outcome.End, outcome.Error) = (RunEnd.UpstreamBroken, Senseless);
        var whole = await BoundedContent.ReadAsync(response.Content, run.Snapshot.Config.Limits.MaxResponseBytes, attempt.Deadline.Token);
        if (whole is null || !IsJson(whole))
        {
            attempt.End = AttemptEnd.Senseless;
            return null;
        }

        attempt.Begin();
        attempt.End = AttemptEnd.Served;
        return new PoolAnswer.Answered(whole, attempt.Destination.Name);
    }

    private static bool IsJson(byte[] body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static HttpRequestMessage Request(ResponseRun run, ModelPool pool, PoolDestination destination, string route, byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, RequestUtilities.MakeDestinationAddress(destination.Address, pool.Path + route, QueryString.Empty))
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Content = new ByteArrayContent(body) { Headers = { ContentType = Json } },
        };
        UpstreamHeaders.Add(request, run.RequestId, destination.ApiKey, "application/json");
        return request;
    }
}
