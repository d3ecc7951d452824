using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Quota;
using Mka1.Edge.Gateway.Safety;
using Mka1.Edge.Gateway.Telemetry;
using Mka1.Edge.Gateway.Trials;
using Mka1.Edge.Stores.Ledger;

namespace Mka1.Edge.Gateway.Settlement;

/// <summary>
/// Stage 9: closes the books on every exit: success, refusal, failure, disconnect, timeout. It is called from a
/// <c>finally</c> and does not heed the client's cancellation: the work was done, whoever is left to hear of it.
/// </summary>
internal sealed class RunSettlement(ILedger ledger, RunQuota quota, SafetySignals safety, EdgeMetrics metrics, TrialDesk trials, TimeProvider clock, ILogger<RunSettlement> logger)
{
    public async ValueTask SettleAsync(ResponseRun run)
    {
        var outcome = run.Outcome;
        var duration = clock.GetElapsedTime(run.StartedAt);
        var variant = run.Route?.Variant;

        if (!outcome.Booked && quota.EntryOf(run) is { } entry) outcome.RowWritten = (await ledger.AppendAsync(entry)).Written;
        await quota.SettleAsync(run);
        safety.Settled(run);

        var usage = run.Route is null ? default : quota.UsageOf(run);
        metrics.RunEnded(run, usage, duration);
        trials.Ended(run, usage, duration);
        logger.RunEnded(
            run.RequestId, run.Id, variant?.Model, outcome.Destination, outcome.End,
            outcome.Error?.Code, usage.InputTokens, usage.OutputTokens, duration.TotalMilliseconds);
    }
}
