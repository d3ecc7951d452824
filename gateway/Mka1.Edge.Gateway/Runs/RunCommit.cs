using System.Text.Json;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Quota;
using Mka1.Edge.Gateway.Streaming;
using Mka1.Edge.Gateway.Telemetry;
using Mka1.Edge.Gateway.Webhooks;
using Mka1.Edge.Responses;
using Mka1.Edge.Stores;
using Mka1.Edge.Stores.Conversations;
using Mka1.Edge.Stores.Ledger;
using Mka1.Edge.Stores.Responses;
using Mka1.Edge.Stores.Runs;

namespace Mka1.Edge.Gateway.Runs;

/// <summary>
/// Commits what a run came to, before any client hears of it: response, conversation, ledger row and webhook in one. A store
/// that is away for a moment is waited for; after that the client is told that its answer could not be kept.
/// </summary>
internal sealed class RunCommit(
    IResponseStore responses,
    IRunStore runs,
    IConversationStore conversations,
    ILedger ledger,
    RunQuota quota,
    EdgeMetrics metrics,
    TimeProvider clock,
    ILogger<RunCommit> logger)
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(200);

    /// <summary>How often a store that stays away is offered what it must still be told. As long as this replica lives, nobody else would.</summary>
    private static readonly TimeSpan BetweenOffers = TimeSpan.FromSeconds(1);

    /// <summary>Takes in a run that is about to begin.</summary>
    /// <exception cref="StoreUnavailableException">It was not taken in; nothing may be begun.</exception>
    public ValueTask BeginAsync(ResponseRun run, NewRun newRun, StoredStatus status, ReadOnlyMemory<byte> body) => responses.AddAsync(new ResponseAddition(
        Stored(run, status, body, null),
        run.History.ItemIds,
        newRun,
        Webhook: WebhookEvents.For(run.Caller.Owner, run.Id, newRun.Webhook, ResponseStatus.Queued, clock.GetUtcNow())));

    /// <summary>Takes in an answer that was made while its client waited.</summary>
    /// <exception cref="StoreUnavailableException">It could not be stored in time; the client must not be given it.</exception>
    public async ValueTask AddFinishedAsync(ResponseRun run, ResponseObject final, byte[] body)
    {
        var output = Normalized(final.Output);
        var addition = new ResponseAddition(
            Stored(run, StatusOf(final.Status), body, null),
            [.. run.History.ItemIds, .. output.Select(item => item.Id)],
            Conversation: Append(run, final, output),
            Ledger: quota.EntryOf(run));
        await RetryAsync(run, async () =>
        {
            await responses.AddAsync(addition);
            return true;
        });
        run.Outcome.Booked = true;
        await quota.SettleAsync(run);
    }

    /// <summary>Sees to what a run that is not stored leaves behind: what it adds to its conversation, and its quotas.</summary>
    /// <exception cref="StoreUnavailableException">It could not be appended in time.</exception>
    public async ValueTask AppendOnlyAsync(ResponseRun run, ResponseObject final)
    {
        if (run.Request.Conversation is not null && Append(run, final, Normalized(final.Output)) is { } append)
            await RetryAsync(run, () => conversations.AppendAsync(run.Caller.Owner, append).AsTask());

        // The row first: a replica that dies in between leaves counters that are settled by what the ledger says.
        if (run.Reservation is not null && quota.EntryOf(run) is { } entry)
        {
            run.Outcome.RowWritten = (await ledger.AppendAsync(entry)).Written;
            run.Outcome.Booked = true;
        }

        await quota.SettleAsync(run);
    }

    /// <summary>Commits the end of a stored run.</summary>
    /// <returns>Null when it is committed as given; else the failure that stands in its place because the store stayed away.</returns>
    /// <exception cref="RunFencedException">The run has ended already or is held by someone else.</exception>
    public async ValueTask<ResponseObject?> FinishAsync(LiveRun live, ResponseObject final, byte[] body, long? sequence)
    {
        var run = live.Run;
        var ending = Ending(live, final, body, sequence);
        try
        {
            if (!await RetryAsync(run, () => runs.FinishAsync(ending).AsTask())) throw new RunFencedException();
            run.Outcome.Booked = true;
            await quota.SettleAsync(run);
            return null;
        }
        catch (StoreUnavailableException)
        {
            run.Outcome.End = RunEnd.StoreUnavailable;
            var failed = Unstored(final);
            _ = RecordFailureAsync(live, failed, sequence);
            return failed;
        }
    }

    /// <summary>Takes a response back that nobody was given: now, or as soon as the store is there.</summary>
    public Task ForgetAsync(ResponseRun run) => OfferAsync(run, () => responses.DeleteAsync(run.Caller.Owner, run.Id));

    /// <summary>Notes that output is about to be seen.</summary>
    /// <exception cref="RunFencedException">The run is no longer ours.</exception>
    public async ValueTask MarkEmittedAsync(LiveRun live)
    {
        if (!await RetryAsync(live.Run, () => runs.MarkEmittedAsync(live.Run.Id, live.Fence).AsTask())) throw new RunFencedException();
    }

    /// <summary>What a client is told whose answer could not be kept.</summary>
    public static ApiError NotStored { get; } = new(ErrorCode.StoreUnavailable, "The answer could not be stored, so it is not given out. Retry shortly, or send store false.");

    /// <summary>What stands in the place of an answer that could not be kept.</summary>
    public static ResponseObject Unstored(ResponseObject final) => final with
    {
        Status = ResponseStatus.Failed,
        Error = ResponseError.From(NotStored),
        IncompleteDetails = null,
        Output = [],
    };

    public static StoredStatus StatusOf(ResponseStatus status) => status switch
    {
        ResponseStatus.Queued => StoredStatus.Queued,
        ResponseStatus.InProgress => StoredStatus.InProgress,
        ResponseStatus.Completed => StoredStatus.Completed,
        ResponseStatus.Incomplete => StoredStatus.Incomplete,
        ResponseStatus.Failed => StoredStatus.Failed,
        ResponseStatus.Cancelled => StoredStatus.Cancelled,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static ResponseStatus StatusOf(StoredStatus status) => status switch
    {
        StoredStatus.Queued => ResponseStatus.Queued,
        StoredStatus.InProgress => ResponseStatus.InProgress,
        StoredStatus.Completed => ResponseStatus.Completed,
        StoredStatus.Incomplete => ResponseStatus.Incomplete,
        StoredStatus.Failed => ResponseStatus.Failed,
        StoredStatus.Cancelled => ResponseStatus.Cancelled,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static StoredResponse Stored(ResponseRun run, StoredStatus status, ReadOnlyMemory<byte> body, long? sequence) => new()
    {
        Id = run.Id,
        Owner = run.Caller.Owner,
        Status = status,
        Background = run.Request.Background,
        CreatedAt = run.CreatedAt.ToUnixTimeSeconds(),
        PreviousResponseId = run.Request.PreviousResponseId,
        ConversationId = run.Request.Conversation,
        Input = run.History.Items,
        Body = body,
        TerminalSequence = sequence,
    };

    private RunEnding Ending(LiveRun live, ResponseObject final, byte[] body, long? sequence)
    {
        var run = live.Run;
        var output = Normalized(final.Output);
        return new RunEnding(
            run.Caller.Owner,
            run.Id,
            live.Fence,
            StatusOf(final.Status),
            body,
            [.. output.Select(item => item.Id)],
            sequence,
            Append(run, final, output),
            WebhookEvents.For(run.Caller.Owner, run.Id, live.Webhook, final.Status, clock.GetUtcNow()),
            quota.EntryOf(run));
    }

    private Task RecordFailureAsync(LiveRun live, ResponseObject failed, long? sequence)
    {
        var ending = Ending(live, failed, TerminalEvent.Body(failed), sequence);
        return OfferAsync(live.Run, () => runs.FinishAsync(ending));
    }

    private async Task OfferAsync(ResponseRun run, Func<ValueTask<bool>> work)
    {
        var told = false;
        while (true)
        {
            try
            {
                await work();
                return;
            }
            catch (StoreUnavailableException)
            {
                if (!told) logger.EndNotStored(run.Id);
                told = true;
                await Task.Delay(BetweenOffers, clock);
            }
            catch (Exception e)
            {
                logger.RunFaulted(run.Id, e);
                return;
            }
        }
    }

    private async Task<T> RetryAsync<T>(ResponseRun run, Func<Task<T>> work)
    {
        var patience = TimeSpan.FromSeconds(run.Snapshot.Config.Stores.StorePatienceSeconds);
        var began = clock.GetTimestamp();
        while (true)
        {
            try
            {
                return await work();
            }
            catch (StoreUnavailableException e)
            {
                metrics.StoreFailed(e.Store);
                if (clock.GetElapsedTime(began) >= patience) throw;
                await Task.Delay(BetweenTries, clock);
            }
        }
    }

    /// <summary>What goes to the conversation: the request's own items and the output, of an answer that came to something.</summary>
    private static ConversationAppend? Append(ResponseRun run, ResponseObject final, List<StoredItem> output)
    {
        if (run.Request.Conversation is not { } id || final.Status is not (ResponseStatus.Completed or ResponseStatus.Incomplete)) return null;
        using var own = JsonDocument.Parse(run.History.Items);
        var input = own.RootElement.EnumerateArray().Select(item => StoredItems.Normalize(item.Deserialize(ResponsesJson.Wire.ResponseItem)!));
        return new ConversationAppend(id, run.Id, [.. input.Concat(output).Select(item => new ConversationItem(item.Id, item.Json, item.SearchText, run.Id))]);
    }

    private static List<StoredItem> Normalized(IReadOnlyList<ResponseItem> output) => [.. output.Select(StoredItems.Normalize)];
}
