using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Settlement;
using Mka1.Edge.Gateway.Telemetry;
using Mka1.Edge.Policies.Quota;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Quota;

/// <summary>
/// Tokens and cost of runs: set aside before any work is done (the estimated input, and as much output as was asked for),
/// more of it as a stream runs on, settled by what the run has come to, on every exit.
/// </summary>
internal sealed class RunQuota(QuotaShares shares, TokenEstimates estimates, EdgeMetrics metrics)
{
    /// <summary>Sets aside what the run may come to.</summary>
    /// <param name="run">The run, routed.</param>
    /// <param name="plan">What its caller is held against.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>How every counter stands; or the refusal.</returns>
    public async ValueTask<(IReadOnlyList<QuotaReading> Readings, ApiError? Refusal)> ReserveAsync(ResponseRun run, QuotaPlan plan, CancellationToken cancellation)
    {
        run.InputEstimate = estimates.InputOf(run);
        if (!plan.LimitsSpending) return ([], null);

        var quotas = run.Snapshot.Config.Quotas;
        var wanted = run.Request.MaxOutputTokens ?? quotas.DefaultOutputTokens;
        var minimum = quotas.OnShortage == QuotaShortage.Refuse ? wanted : Math.Min(wanted, quotas.MinimumOutputTokens);
        var length = run.Request.Background ? ShareLength.Background : ShareLength.WhileHere;
        var decision = await shares.TakeAsync(run.Id, plan.Reservation(run.InputEstimate, run.Route.Variant.Price), wanted, minimum, length, cancellation);
        switch (decision)
        {
            case QuotaDecision.Granted granted:
                var lowered = granted.Units < wanted;
                run.Reservation = new RunReservation(plan, granted.Units, length)
                {
                    Cap = lowered ? granted.Units : null,
                    IsCapped = lowered || run.Request.MaxOutputTokens is not null,
                };
                return (granted.Readings, null);
            case QuotaDecision.Exhausted exhausted:
                metrics.QuotaRefused(exhausted.Refusing.Counter);
                return (exhausted.Readings, QuotaRefusal.Of(exhausted));
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>Takes up what another replica, or this one before, set aside for a background run.</summary>
    public void Resume(ResponseRun run, QuotaPlan plan)
    {
        run.InputEstimate = estimates.InputOf(run);
        if (!plan.LimitsSpending) return;
        run.Reservation = new RunReservation(plan, run.Request.MaxOutputTokens ?? run.Snapshot.Config.Quotas.DefaultOutputTokens, ShareLength.Background)
        {
            IsCapped = run.Request.MaxOutputTokens is not null,
        };
    }

    /// <summary>Whether one more output token still fits into what is set aside.</summary>
    public bool HasRoom(ResponseRun run) => run.Reservation is not { } reservation || estimates.OutputOf(run) < reservation.OutputTokens;

    /// <summary>Sets more aside for a stream that needs it.</summary>
    /// <returns>False when there is no more to be had: the stream ends here.</returns>
    public async ValueTask<bool> ExtendAsync(ResponseRun run, CancellationToken cancellation)
    {
        if (run.Reservation is not { } reservation) return true;
        if (reservation.IsCapped) return false;

        var more = reservation.Plan.Reservation(0, run.Route.Variant.Price);
        var step = run.Snapshot.Config.Quotas.DefaultOutputTokens;
        if (await shares.TakeAsync(run.Id, more, step, minimum: 1, reservation.Length, cancellation) is not QuotaDecision.Granted granted) return false;
        reservation.OutputTokens += granted.Units;
        return true;
    }

    /// <summary>What the run has come to so far: as reported, else as counted here.</summary>
    public RunUsage UsageOf(ResponseRun run) => run.Outcome.Usage is { } usage
        ? new RunUsage(usage.InputTokens, usage.OutputTokens, Estimated: false)
        : new RunUsage(run.InputEstimate, estimates.OutputOf(run), Estimated: true);

    /// <summary>Settles whatever the run holds, once, and gives its place back. A run that is run again keeps what was set aside.</summary>
    public async ValueTask SettleAsync(ResponseRun run)
    {
        if (run.Outcome.End == RunEnd.Queued || run.Outcome.IsLeft) return;
        if (run.Reservation is not null && !run.IsQuotaSettled)
        {
            run.IsQuotaSettled = true;
            var entry = RunSettlement.EntryOf(run, this);
            await shares.SettleAsync(run.Id, new QuotaUsage(1, entry?.InputTokens + entry?.OutputTokens ?? 0, entry?.CostNano ?? 0) + run.Outcome.Compaction);
            estimates.Learn(run);
        }

        if (run.Ticket is { } ticket) await ticket.EndAsync();
    }

    /// <summary>
    /// Gives back what was set aside for a run that ends without ever being taken up, or whose replica is gone. If it was only slow, it
    /// books what it has done, and that counts.
    /// </summary>
    public ValueTask ReleaseAsync(string responseId) => shares.ReclaimAsync(responseId);
}
