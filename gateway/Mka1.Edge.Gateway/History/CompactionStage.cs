using Mka1.Edge.Gateway.Forwarding;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Quota;
using Mka1.Edge.Responses;
using Mka1.Edge.Stores.Ledger;

namespace Mka1.Edge.Gateway.History;

/// <summary>
/// After stage 7, where <c>context_management</c> asks for it: a context past its threshold is compacted before the model gets it.
/// It comes after Routing because the model that will read the context is the one to count and to summarise it; for a background
/// run it is the worker's to do, whose client does not wait, and a run with an Idempotency-Key is stored before.
/// </summary>
internal sealed class CompactionStage(TokenCounter counter, Compactor compactor, RunQuota quota, ILedger ledger) : IRunStage
{
    private const double DefaultShare = 0.8;

    public async ValueTask<ApiError?> RunAsync(ResponseRun run, CancellationToken cancellation)
    {
        if (run.Request.ContextManagement is not { } management) return null;
        var threshold = management.CompactThreshold ?? (long?)(run.Route.Variant.Capabilities.ContextWindow * DefaultShare);
        if (threshold is null) return null;

        // What has to stay word for word cannot be made shorter.
        var (all, verbatim) = Compactor.Extent(run);
        if (verbatim == all) return null;

        var (tokens, refusal) = await counter.CountAsync(run, whole: true, cancellation);

        // Where nobody can count, the estimate has to do, which is rather too high than too low.
        if (refusal == TokenCounter.Uncountable) (tokens, refusal) = (run.InputEstimate, null);
        if (refusal is not null and not { Code: ErrorCode.ContextLengthExceeded }) return refusal;
        if (refusal is null && tokens <= threshold) return null;

        // Longer than the window: it is cut down to that.
        var input = refusal is null ? tokens + InputBound.Frame : run.Route.Variant.Capabilities.ContextWindow ?? InputBound.Of(run) ?? run.InputEstimate;
        if (await quota.CoverAsync(run, input, Compactor.SummaryTokens(run), cancellation) is { } exhausted) return exhausted;
        var result = await compactor.CompactAsync(run, cancellation);
        if (result is Compaction.Refused refused) return refused.Error;
        var made = (Compaction.Made)result;
        var entry = EntryOf(run, made);
        run.Outcome.Compaction = LedgerUsage.Of(entry, requests: 0);
        await ledger.AppendAsync(entry, CancellationToken.None);

        List<ContextItem> context = [.. Compactor.ItemsOf(run).Take(Compactor.Lead(run)), .. made.Inside];
        run.History = run.History with
        {
            Context = ContextItem.ToArray(context),
            Input = [.. context.Select(item => item.Item)],
            Compaction = made.Item,
        };
        return null;
    }

    /// <summary>The summary is a row of its own: the run's row holds what the run cost.</summary>
    private static LedgerEntry EntryOf(ResponseRun run, Compaction.Made made) => new(
        made.Id,
        run.Caller.Owner,
        run.Caller.Grant.KeyId,
        run.Route.Variant.Model,
        run.CreatedAt,
        made.Usage?.InputTokens ?? 0,
        made.Usage?.OutputTokens ?? 0,
        made.Usage is null,
        run.Route.Variant.Price.Of(made.Usage?.InputTokens ?? 0, made.Usage?.OutputTokens ?? 0));
}
