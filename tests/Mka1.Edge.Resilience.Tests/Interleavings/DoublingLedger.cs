using Mka1.Edge.Stores.Ledger;

namespace Mka1.Edge.Resilience.Tests.Interleavings;

/// <summary>A ledger that writes every row twice.</summary>
internal sealed class DoublingLedger(ILedger ledger) : ILedger
{
    public async ValueTask<LedgerReceipt> AppendAsync(LedgerEntry entry, CancellationToken cancellation = default)
    {
        await ledger.AppendAsync(entry, cancellation);
        return await ledger.AppendAsync(entry, cancellation);
    }

    public ValueTask<IReadOnlyList<LedgerEntry>> FindAsync(IReadOnlyCollection<string> responseIds, CancellationToken cancellation = default) => ledger.FindAsync(responseIds, cancellation);

    public ValueTask<LedgerTotal> TotalAsync(string tenantId, CancellationToken cancellation = default) => ledger.TotalAsync(tenantId, cancellation);
}
