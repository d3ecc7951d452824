using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Telemetry;
using Mka1.Edge.Stores.Ledger;

namespace Mka1.Edge.Gateway.Settlement;

/// <summary>
/// Stage 9: closes the books on every exit: success, refusal, failure, disconnect, timeout. It is called from a
/// <c>finally</c> and does not heed the client's cancellation: the work was done, whoever is left to hear of it.
/// </summary>
internal sealed class RunSettlement(ILedger ledger, EdgeMetrics metrics, TimeProvider clock, ILogger<RunSettlement> logger)
{
    public async ValueTask SettleAsync(ResponseRun run)
    {
        var outcome = run.Outcome;
        var duration = clock.GetElapsedTime(run.StartedAt);
        var variant = run.Route?.Variant;
        var grant = run.Caller.Grant;

        if (variant is not null && outcome.End is not (RunEnd.Refused or RunEnd.UpstreamUnavailable or RunEnd.UpstreamRefused))
        {
            await ledger.AppendAsync(new LedgerEntry(
                run.Id,
                run.Caller.Owner,
                grant.KeyId,
                variant.Model,
                run.CreatedAt,
                outcome.Usage?.InputTokens ?? 0,
                outcome.Usage?.OutputTokens ?? outcome.Deltas,
                outcome.Usage is null));
        }

        metrics.RunEnded(run, duration);
        logger.RunEnded(
            run.RequestId, run.Id, grant.TenantId, grant.KeyId, variant?.Model, outcome.Destination, outcome.End,
            outcome.Error?.Code, outcome.Usage?.InputTokens ?? 0, outcome.Usage?.OutputTokens ?? outcome.Deltas, duration.TotalMilliseconds);
    }
}
