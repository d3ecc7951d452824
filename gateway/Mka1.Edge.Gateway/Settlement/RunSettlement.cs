using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Quota;
using Mka1.Edge.Gateway.Safety;
using Mka1.Edge.Gateway.Telemetry;
using Mka1.Edge.Stores.Ledger;

namespace Mka1.Edge.Gateway.Settlement;

/// <summary>
/// Stage 9: closes the books on every exit: success, refusal, failure, disconnect, timeout. It is called from a
/// <c>finally</c> and does not heed the client's cancellation: the work was done, whoever is left to hear of it.
/// </summary>
internal sealed class RunSettlement(ILedger ledger, RunQuota quota, SafetySignals safety, EdgeMetrics metrics, TimeProvider clock, ILogger<RunSettlement> logger)
{
    public async ValueTask SettleAsync(ResponseRun run)
    {
        var outcome = run.Outcome;
        var duration = clock.GetElapsedTime(run.StartedAt);
        var variant = run.Route?.Variant;
        var grant = run.Caller.Grant;

        if (!outcome.Booked && EntryOf(run, quota) is { } entry) await ledger.AppendAsync(entry);
        await quota.SettleAsync(run);
        safety.Settled(run);

        var usage = run.Route is null ? default : quota.UsageOf(run);
        metrics.RunEnded(run, usage, duration);
        logger.RunEnded(
            run.RequestId, run.Id, grant.TenantId, grant.KeyId, variant?.Model, outcome.Destination, outcome.End,
            outcome.Error?.Code, usage.InputTokens, usage.OutputTokens, duration.TotalMilliseconds);
    }

    /// <summary>What the run cost, as far as it is known now; null when no model server took it on.</summary>
    public static LedgerEntry? EntryOf(ResponseRun run, RunQuota quota)
    {
        if (run.Route is null || run.Outcome.Destination is null || run.Outcome.End is RunEnd.Refused or RunEnd.Queued or RunEnd.Replayed or RunEnd.UpstreamUnavailable or RunEnd.UpstreamRefused)
            return null;
        var usage = run.BookedUsage ??= quota.UsageOf(run);
        return new LedgerEntry(
            run.Id,
            run.Caller.Owner,
            run.Caller.Grant.KeyId,
            run.Route.Variant.Model,
            run.CreatedAt,
            usage.InputTokens,
            usage.OutputTokens,
            usage.Estimated,
            run.Route.Variant.Price.Of(usage.InputTokens, usage.OutputTokens));
    }
}
