namespace Mka1.Edge.Stores.Ledger;

/// <summary>The book of what every run cost. Append-only.</summary>
public interface ILedger
{
    /// <summary>Writes one row. Complete when the row will survive whatever the store survives, or, while that is away, when it waits in memory.</summary>
    ValueTask<LedgerReceipt> AppendAsync(LedgerEntry entry, CancellationToken cancellation = default);

    /// <summary>The rows of runs, as far as there are any.</summary>
    ValueTask<IReadOnlyList<LedgerEntry>> FindAsync(IReadOnlyCollection<string> responseIds, CancellationToken cancellation = default);

    /// <summary>Tokens of all rows of a tenant that the store still holds.</summary>
    ValueTask<LedgerTotal> TotalAsync(string tenantId, CancellationToken cancellation = default);
}
