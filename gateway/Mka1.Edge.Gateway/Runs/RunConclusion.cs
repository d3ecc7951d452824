using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Quota;
using Mka1.Edge.Responses;
using Mka1.Edge.Stores;
using Mka1.Edge.Stores.Responses;
using Mka1.Edge.Stores.Runs;

namespace Mka1.Edge.Gateway.Runs;

/// <summary>Ends a run whose model server did not: each way to break off has its own honest end.</summary>
internal sealed class RunConclusion(IResponseStore responses, IRunStore runs, RunCommit commit, RunQuota quota, TimeProvider clock, ILogger<RunConclusion> logger)
{
    private static readonly ApiError Stopped = new(ErrorCode.RunInterrupted, "The gateway was stopped before the answer was complete. Send the request again.");

    public async Task ConcludeAsync(LiveRun live, LoggedOutput output, ApiError? refusal)
    {
        if (output.Ended) return;
        var run = live.Run;
        if (refusal is not null)
        {
            if (run.Outcome.End == RunEnd.Unfinished) run.Outcome.End = RunEnd.UpstreamBroken;
            run.Outcome.Error = refusal;
            if (run.Request.Background || output.Started)
            {
                await EndAsync(live, output, Failed(run, refusal));
                return;
            }

            // Nothing was seen of it: it leaves as an ordinary refusal, as if it had never been. The client need not wait for that.
            live.Open(refusal);
            await commit.ForgetAsync(run);
            return;
        }

        switch (run.Outcome.End)
        {
            case RunEnd.ClientDisconnected:
                await EndAsync(live, output, Abandoned(run));
                break;
            case RunEnd.Interrupted when run.Request.Background && !live.Emitted && await ReleaseAsync(live):
                run.Outcome.Booked = run.Outcome.IsLeft = true;
                live.Feed.Leave();
                break;
            case RunEnd.Interrupted:
                await EndAsync(live, output, Failed(run, Stopped));
                break;
            case RunEnd.Cancelled or RunEnd.Fenced:
                await EndElsewhereAsync(live, output);
                break;
            default:
                await EndAsync(live, output, Failed(run, run.Outcome.Error ?? new ApiError(ErrorCode.ServerError, "The gateway failed. Retry.")));
                break;
        }
    }

    private ResponseObject Failed(ResponseRun run, ApiError error) => Broken(run) with { Status = ResponseStatus.Failed, Error = ResponseError.From(error) };

    private ResponseObject Abandoned(ResponseRun run) => Broken(run) with
    {
        Status = ResponseStatus.Incomplete,
        IncompleteDetails = new IncompleteDetails("client_disconnected"),
    };

    private ResponseObject Broken(ResponseRun run) => run.Envelope with
    {
        CompletedAt = clock.GetUtcNow().ToUnixTimeSeconds(),
        Output = run.Progress.Output.Items(),
        Usage = run.Outcome.Usage ?? Counted(run),
    };

    private Usage Counted(ResponseRun run)
    {
        var usage = quota.UsageOf(run);
        return Usage.Of(usage.InputTokens, usage.OutputTokens);
    }

    /// <summary>The last resort, after a fault of ours: an end without anything that could have been the fault's cause.</summary>
    public async Task GiveUpAsync(LiveRun live, LoggedOutput output)
    {
        if (output.Ended) return;
        var failed = Failed(live.Run, new ApiError(ErrorCode.ServerError, "The gateway failed. Retry."));
        await EndAsync(live, output, failed with { Output = [] });
    }

    private async Task EndAsync(LiveRun live, LoggedOutput output, ResponseObject final)
    {
        try
        {
            await output.EndAsync(final);
        }
        catch (RunFencedException)
        {
            await EndElsewhereAsync(live, output);
        }
    }

    /// <summary>Someone else has ended the run: its end is read from the store and given to those who read here.</summary>
    private async Task EndElsewhereAsync(LiveRun live, LoggedOutput output)
    {
        var run = live.Run;
        logger.RunFenced(run.Id);
        if (run.Outcome.End != RunEnd.Cancelled) run.Outcome.End = RunEnd.Fenced;

        // A run of which nothing was seen is run again, and paid for then.
        run.Outcome.IsLeft = run.Outcome.End == RunEnd.Fenced && run.Request.Background && !live.Emitted;
        run.Outcome.Booked |= run.Outcome.IsLeft;
        try
        {
            var stored = await responses.FindAsync(run.Caller.Owner, run.Id);

            // One that is deleted was cancelled before that: nobody runs it again.
            if (stored is null or { Status: StoredStatus.Cancelled }) (run.Outcome.End, run.Outcome.Booked, run.Outcome.IsLeft) = (RunEnd.Cancelled, false, false);
            if (stored is { IsTerminal: true } ended)
            {
                await output.EndAsStoredAsync(RunCommit.StatusOf(ended.Status), ended.Body);
                return;
            }
        }
        catch (StoreUnavailableException)
        {
            // Readers look for themselves, and wait until they can.
        }

        live.Feed.Leave();
    }

    private async Task<bool> ReleaseAsync(LiveRun live)
    {
        try
        {
            return await runs.ReleaseAsync(live.Run.Id, live.Fence);
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }
}
