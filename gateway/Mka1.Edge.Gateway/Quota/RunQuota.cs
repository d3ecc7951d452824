using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Forwarding;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Telemetry;
using Mka1.Edge.Policies.Quota;
using Mka1.Edge.Responses;
using Mka1.Edge.Stores.Ledger;

namespace Mka1.Edge.Gateway.Quota;

/// <summary>
/// Tokens and cost of runs: set aside before any work is done (the input, and as much output as was asked for),
/// more of it as a stream runs on, settled by what the run has come to, on every exit.
/// </summary>
internal sealed class RunQuota(QuotaShares shares, TokenEstimates estimates, TokenCounter counter, EdgeMetrics metrics, TimeProvider clock)
{
    /// <summary>A limit is far when so many inputs' worth of what a bound has too much still fits under it.</summary>
    private const long Far = 64;

    /// <summary>How long counters wait for the ledger's row of a run: for a Postgres that is slow, not for one that is away.</summary>
    private static readonly TimeSpan RowPatience = TimeSpan.FromSeconds(10);

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
        switch (await TakeAsync(run, plan, wanted, minimum, length, cancellation))
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
                return (exhausted.Readings, Refusal(exhausted));
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>Sets aside what another call for a run that holds a reservation may come to.</summary>
    /// <returns>The refusal, if there is no room for it.</returns>
    public async ValueTask<ApiError?> CoverAsync(ResponseRun run, long inputTokens, long outputTokens, CancellationToken cancellation)
    {
        if (run.Reservation is not { } reservation) return null;
        var charges = reservation.Plan.Reservation(inputTokens, run.Route.Variant.Price);
        if (await shares.TakeAsync(run.Id, charges, outputTokens, outputTokens, reservation.Length, cancellation) is not QuotaDecision.Exhausted exhausted) return null;
        return Refusal(exhausted);
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

    /// <summary>What the run has come to so far: as it was booked, as reported, else as counted here.</summary>
    public RunUsage UsageOf(ResponseRun run) => run.BookedUsage ?? (run.Outcome.Usage is { } usage
        ? new RunUsage(usage.InputTokens, usage.OutputTokens, Estimated: false)
        : new RunUsage(run.InputEstimate, OutputOf(run), Estimated: true));

    /// <summary>The ledger's row of a run, by what it has come to now, which stands from here on; null when no model server took it on.</summary>
    public LedgerEntry? EntryOf(ResponseRun run)
    {
        if (run.Route is null || run.Outcome.Destination is null || run.Outcome.End is RunEnd.Refused or RunEnd.Queued or RunEnd.Replayed or RunEnd.UpstreamUnavailable or RunEnd.UpstreamRefused)
            return null;
        var usage = run.BookedUsage ??= UsageOf(run);
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

    /// <summary>Settles whatever the run holds, once, and gives its place back. A run that is run again keeps what was set aside.</summary>
    public async ValueTask SettleAsync(ResponseRun run)
    {
        if (run.Outcome.End == RunEnd.Queued || run.Outcome.IsLeft) return;
        if (!run.IsQuotaSettled)
        {
            run.IsQuotaSettled = true;
            if (run.Reservation is not null) await SettleReservationAsync(run);
            estimates.Learn(run);
        }

        if (run.Ticket is { } ticket) await ticket.EndAsync();
    }

    /// <summary>
    /// Gives back what was set aside for a run that ends without ever being taken up, or whose replica is gone. If it was only slow, it
    /// books what it has done, and that counts.
    /// </summary>
    public ValueTask ReleaseAsync(string responseId) => shares.ReclaimAsync(responseId);

    /// <summary>
    /// Takes the most that the input can come to, where that leaves plenty; near a limit what it comes to, by the model server's count.
    /// Neither is ever less than the run will be settled with. The server is asked only when the estimate fits: a caller that is
    /// refused costs it nothing.
    /// </summary>
    private async ValueTask<QuotaDecision> TakeAsync(
        ResponseRun run, QuotaPlan plan, long wanted, long minimum, ShareLength length, CancellationToken cancellation)
    {
        var price = run.Route.Variant.Price;
        var bound = InputBound.Of(run);
        if (bound is { } most)
        {
            var charges = plan.Reservation(most, price, spare: Far * Math.Max(0, most - run.InputEstimate));
            if (await shares.TakeAsync(run.Id, charges, wanted, wanted, length, cancellation) is QuotaDecision.Granted plenty) return plenty;
        }

        var decision = await shares.TakeAsync(run.Id, plan.Reservation(run.InputEstimate, price), wanted, minimum, length, cancellation);
        if (decision is not QuotaDecision.Granted granted) return decision;
        try
        {
            var held = run.InputEstimate;
            var input = await InputAsync(run, bound, cancellation);
            return input > held ? await CorrectAsync(run, plan, granted, held, input, minimum, length, cancellation) : granted;
        }
        catch
        {
            await shares.SettleAsync(run.Id, QuotaUsage.None);
            throw;
        }
    }

    /// <summary>The input's tokens by the model server's count, or what stands for it.</summary>
    private async ValueTask<long> InputAsync(ResponseRun run, long? bound, CancellationToken cancellation)
    {
        var (counted, uncounted) = await counter.CountAsync(run, whole: false, cancellation);
        if (uncounted is null) return run.InputEstimate = counted;
        return run.Snapshot.Config.Quotas.UncountedInput == QuotaUncounted.Bound && bound is not null ? bound.Value : run.InputEstimate;
    }

    /// <summary>Sets aside what the estimate has missed: more of what is left, and for the rest less output.</summary>
    private async ValueTask<QuotaDecision> CorrectAsync(
        ResponseRun run, QuotaPlan plan, QuotaDecision.Granted granted, long held, long input, long minimum, ShareLength length, CancellationToken cancellation)
    {
        var missing = input - held;

        // An output token given up makes room for an input token, and for less than one where input costs more.
        var price = run.Route.Variant.Price;
        var dearer = price.InputNano > price.OutputNano;
        var spare = dearer ? (long)((Int128)(granted.Units - minimum) * price.OutputNano / price.InputNano) : granted.Units - minimum;
        var charges = plan.Reservation(0, price with { OutputNano = price.InputNano });
        var decision = await shares.TakeAsync(run.Id, charges, missing, Math.Max(0, missing - spare), length, cancellation);
        if (decision is not QuotaDecision.Granted more)
        {
            // The refusal is of the whole, now that nothing of it is held.
            await shares.SettleAsync(run.Id, QuotaUsage.None);
            var whole = plan.Room(input, minimum, price);
            return await shares.TakeAsync(run.Id, whole, 0, 0, ShareLength.ForGood, cancellation) is QuotaDecision.Exhausted refused ? refused : decision;
        }

        var open = missing - more.Units;
        if (open > 0 && dearer) open = (long)(((Int128)open * price.InputNano + price.OutputNano - 1) / price.OutputNano);
        return more with { Units = granted.Units - open };
    }

    /// <summary>Output tokens as counted here: what a text may come to by its length is never more than its model server was allowed.</summary>
    private long OutputOf(ResponseRun run) => run.Reservation is { IsCapped: true } capped
        ? Math.Min(estimates.OutputOf(run), Math.Max(capped.OutputTokens, run.Outcome.Deltas))
        : estimates.OutputOf(run);

    private ApiError Refusal(QuotaDecision.Exhausted exhausted)
    {
        metrics.QuotaRefused(exhausted.Refusing.Counter);
        return QuotaRefusal.Of(exhausted);
    }

    private async ValueTask SettleReservationAsync(ResponseRun run)
    {
        var usage = LedgerUsage.Of(EntryOf(run)) + run.Outcome.Compaction;
        if (run.Outcome.RowWritten.IsCompleted) await shares.SettleAsync(run.Id, usage);
        else _ = SettleOnceWrittenAsync(run, usage);
    }

    /// <summary>Should this replica die before the row is written, what it held is settled by what the ledger says, and that is then nothing.</summary>
    private async Task SettleOnceWrittenAsync(ResponseRun run, QuotaUsage usage)
    {
        await run.Outcome.RowWritten.WaitAsync(RowPatience, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await shares.SettleAsync(run.Id, usage);
    }
}
