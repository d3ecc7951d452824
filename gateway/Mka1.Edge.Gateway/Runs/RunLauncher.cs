using Mka1.Edge.Gateway.Forwarding;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Streaming;
using Mka1.Edge.Gateway.Telemetry;
using Mka1.Edge.Gateway.Webhooks;
using Mka1.Edge.Responses;
using Mka1.Edge.Stores;
using Mka1.Edge.Stores.Responses;
using Mka1.Edge.Stores.Runs;
using Mka1.Edge.Stores.Streams;
using Mka1.Edge.Stores.Webhooks;

namespace Mka1.Edge.Gateway.Runs;

/// <summary>
/// Sends a routed run on its way: one that is not kept straight through to its client; a stored answer through, and into the
/// store before its client gets it; a stored stream as a run of its own that its client reads; a background run into the queue.
/// </summary>
internal sealed class RunLauncher(
    ForwardingStage forwarding,
    RunHost host,
    RunCommit commit,
    StreamFollower follower,
    BackgroundWorker worker,
    Replica replica,
    IResponseStore responses,
    IStreamLog log,
    WebhookTargets webhooks,
    EdgeMetrics metrics,
    TimeProvider clock)
{
    private static readonly ApiError NoStore = new(
        ErrorCode.StoreUnavailable, "Responses cannot be stored now. Retry shortly, or send store false.");

    private static readonly ApiError Deleted = new(ErrorCode.NotFound, "The response was deleted before its stream began.");

    /// <summary>Sees the request through to its answer.</summary>
    /// <param name="run">The run, routed.</param>
    /// <param name="http">The client.</param>
    /// <returns>The refusal to answer with; null when the client has its answer.</returns>
    public async ValueTask<ApiError?> LaunchAsync(ResponseRun run, HttpContext http)
    {
        var request = run.Request;
        if (!request.Store) return await RelayAsync(run, http);
        if (!replica.StoreAnswers) return NoStore;
        try
        {
            if (request.Background) return await QueueAsync(run, http);
            return request.Stream || run.Keyed ? await HostAsync(run, http) : await AnswerAsync(run, http);
        }
        catch (StoreUnavailableException)
        {
            // Whether it was taken in, nobody knows; nothing may come of it now that its client is told otherwise.
            if (!run.Kept) _ = commit.ForgetAsync(run);
            return NoStore;
        }
    }

    private async ValueTask<ApiError?> RelayAsync(ResponseRun run, HttpContext http)
    {
        using var stop = new RunStop(http.RequestAborted);
        IRunOutput output = run.Request.Stream
            ? new RelayOutput(run, new ClientStream(http, run.Snapshot.Config, clock), run.Obfuscates, (final, _) => commit.AppendOnlyAsync(run, final))
            : new JsonOutput(http, (final, _) => commit.AppendOnlyAsync(run, final));
        if (!run.Request.Stream) return await forwarding.RunAsync(run, output, stop);
        using var open = metrics.StreamOpen();
        return await forwarding.RunAsync(run, output, stop);
    }

    private async ValueTask<ApiError?> AnswerAsync(ResponseRun run, HttpContext http)
    {
        using var stop = new RunStop(http.RequestAborted);
        var refusal = await forwarding.RunAsync(run, new JsonOutput(http, (final, body) => commit.AddFinishedAsync(run, final, body)), stop);

        // It may have been stored for all that, and its client will ask anew.
        if (run.Outcome.End == RunEnd.StoreUnavailable) _ = commit.ForgetAsync(run);
        return refusal;
    }

    private async ValueTask<ApiError?> HostAsync(ResponseRun run, HttpContext http)
    {
        await commit.BeginAsync(run, NoteOf(run, replica.Id, null), StoredStatus.InProgress, TerminalEvent.Body(run.Envelope));
        run.Kept = true;
        run.Ticket?.HandOver();
        run.Part();
        var live = host.Start(run);
        using var attached = live.Attach();
        if (await live.Opened.WaitAsync(http.RequestAborted) is { } refusal) return refusal;

        if (run.Request.Stream) return await FollowAsync(run, http);
        await live.Done.WaitAsync(http.RequestAborted);
        return await SendStoredAsync(run, http);
    }

    private async ValueTask<ApiError?> QueueAsync(ResponseRun run, HttpContext http)
    {
        WebhookTarget? target = null;
        if (run.Request.WebhookUrl is { } url)
        {
            if (webhooks.Check(url, run.Request.WebhookSecret) is { } refusal) return refusal;
            target = webhooks.Create(run.Id, url, run.Request.WebhookSecret);
        }

        run.Envelope = run.Envelope with { Status = ResponseStatus.Queued };
        var body = TerminalEvent.Body(run.Envelope);
        if (run.Request.Stream) await OpenLogAsync(run, body);
        await commit.BeginAsync(run, NoteOf(run, null, target), StoredStatus.Queued, body);
        run.Kept = true;
        run.Outcome.End = RunEnd.Queued;
        worker.Wake();

        if (run.Request.Stream) return await FollowAsync(run, http);
        await ErrorResponses.SendAsync(http.Response, body);
        return null;
    }

    private async ValueTask<ApiError?> FollowAsync(ResponseRun run, HttpContext http) =>
        await follower.FollowAsync(http, run.Caller.Owner, run.Id, after: -1, run.Obfuscates) ? null : Deleted;

    /// <summary>Best effort: whoever takes the run up writes the same bytes again.</summary>
    private async ValueTask OpenLogAsync(ResponseRun run, byte[] body)
    {
        try
        {
            await log.AppendAsync(run.Id, fence: 0, OpeningEvents.Queued(body), last: false);
        }
        catch (StoreUnavailableException)
        {
            // The stream begins when a worker takes it up.
        }
    }

    private async ValueTask<ApiError?> SendStoredAsync(ResponseRun run, HttpContext http)
    {
        if (await responses.FindAsync(run.Caller.Owner, run.Id) is not { IsTerminal: true } stored) return RunCommit.NotStored;
        await ErrorResponses.SendAsync(http.Response, StoredBody.Seen(stored));
        return null;
    }

    private static NewRun NoteOf(ResponseRun run, string? replicaId, WebhookTarget? webhook) => new(
        run.Caller.Grant.KeyId,
        run.RequestId,
        replicaId,
        run.Request.ServiceTier switch
        {
            ServiceTier.Priority => 2,
            ServiceTier.Flex => 0,
            _ => 1,
        },
        Noted(run),
        run.History.Context,
        webhook,
        run.Caller.Delegation);

    /// <summary>The request without its secret, which is kept encrypted with the webhook, and with the cap that quotas have put on it.</summary>
    private static ReadOnlyMemory<byte> Noted(ResponseRun run)
    {
        List<JsonEdit> edits = [.. run.Reservation?.Edits ?? []];
        if (run.Request.WebhookSecret is not null) edits.Add(JsonEdit.Remove("webhook_secret"));
        return edits.Count == 0 ? run.Request.Raw : JsonSplice.Apply(run.Request.Raw.Span, [.. edits]);
    }
}
