using Mka1.Edge.Gateway.History;
using Mka1.Edge.Gateway.Idempotency;
using Mka1.Edge.Gateway.Ingress;
using Mka1.Edge.Gateway.Quota;
using Mka1.Edge.Gateway.Runs;
using Mka1.Edge.Gateway.Safety;
using Mka1.Edge.Gateway.Settlement;
using Mka1.Edge.Policies.Quota;
using Mka1.Edge.Responses;
using Mka1.Edge.Stores;

namespace Mka1.Edge.Gateway.Pipeline;

/// <summary>Takes one create request through the stages, in the order in which they stand in <see cref="EdgePipeline"/>, and settles it.</summary>
internal sealed class RunPipeline(
    RunPreparation preparation,
    CompactionStage compaction,
    IdempotencyGate idempotency,
    RunLauncher launcher,
    RunQuota quota,
    RunSettlement settlement,
    TimeProvider clock,
    ILogger<RunPipeline> logger)
{
    public async Task RunAsync(HttpContext http)
    {
        var run = new ResponseRun(http.Edge(), clock.GetUtcNow(), http.Edge().StartedAt);
        http.Edge().Run = run;
        SafetyHeader.Announce(http, run);
        try
        {
            if (await AnswerAsync(run, http) is not { } refusal) return;
            run.Outcome.Error = refusal;
            if (run.Outcome.End == RunEnd.Unfinished) run.Outcome.End = RunEnd.Refused;

            // Before the client hears of it: what it does next must find its quotas as they then are.
            if (!run.Kept) await quota.SettleAsync(run);
            await http.RefuseAsync(refusal);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            logger.ClientGone(run.RequestId);

            // A run that was refused is settled as one: its books must not find another end now.
            if (!run.Kept && run.Outcome.Error is null) run.Outcome.End = RunEnd.ClientDisconnected;
        }
        finally
        {
            if (!run.Kept || run.Outcome.End == RunEnd.Queued) await settlement.SettleAsync(run);
        }
    }

    private async ValueTask<ApiError?> AnswerAsync(ResponseRun run, HttpContext http)
    {
        if (await IntakeStage.RunAsync(run, http, http.RequestAborted) is { } malformed) return malformed;
        var (key, wrong) = IdempotencyKey.Read(http.Request.Headers[IdempotencyKey.Header]);
        if (wrong is not null) return wrong;
        if (key is null) return await GoOnAsync(run, http, keyed: false);

        var entered = await idempotency.EnterAsync(run, key, http);
        if (!entered.Proceed)
        {
            if (entered.Refusal is null) run.Outcome.End = RunEnd.Replayed;
            return entered.Refusal;
        }

        var came = false;
        try
        {
            var refusal = await GoOnAsync(run, http, keyed: true);
            came = refusal is null;
            return refusal;
        }
        finally
        {
            if (!came && (!run.Kept || run.Outcome.Error is not null)) await LeaveAsync(run, key);
        }
    }

    private async ValueTask LeaveAsync(ResponseRun run, string key)
    {
        try
        {
            await idempotency.LeaveAsync(run, key);
        }
        catch (StoreUnavailableException)
        {
            // Who repeats the request finds out that nothing came of it, if later.
        }
    }

    private async ValueTask<ApiError?> ReserveAsync(ResponseRun run, HttpContext http)
    {
        var (readings, refusal) = await quota.ReserveAsync(run, run.Ticket?.Plan ?? QuotaPlan.Unlimited, http.RequestAborted);
        RateLimitHeaders.Write(http.Response, readings);
        if (refusal is not null && run.Ticket is { } ticket) await ticket.RevokeAsync();
        return refusal;
    }

    private async ValueTask<ApiError?> GoOnAsync(ResponseRun run, HttpContext http, bool keyed)
    {
        if (await preparation.ResolveAsync(run, http.RequestAborted) is { } refusal) return refusal;
        run.Keyed = keyed;
        if (await ReserveAsync(run, http) is { } exhausted) return exhausted;
        if (!run.CompactsInRun && await compaction.RunAsync(run, http.RequestAborted) is { } uncompacted) return uncompacted;
        return await launcher.LaunchAsync(run, http);
    }
}
