using Mka1.Edge.Policies.Quota;
using Mka1.Edge.Stores.Ledger;

namespace Mka1.Edge.Gateway.Quota;

/// <summary>What a row of the ledger counts as against quotas: counters and ledger say the same.</summary>
internal static class LedgerUsage
{
    /// <param name="row">The row; null for a run that came to nothing.</param>
    /// <param name="requests">Requests it stands for: none beside the run it belongs to.</param>
    public static QuotaUsage Of(LedgerEntry? row, long requests = 1) =>
        row is null ? new QuotaUsage(requests, 0, 0) : new QuotaUsage(requests, row.InputTokens + row.OutputTokens, row.CostNano);
}
