namespace Mka1.Edge.Stores.Ledger;

/// <summary>A ledger that lives as long as the process: totals for ever, the newest rows for reading.</summary>
/// <param name="capacity">Rows kept; older ones live on in the totals only.</param>
public sealed class MemoryLedger(int capacity = MemoryLedger.DefaultCapacity) : ILedger
{
    /// <summary>Rows kept when nobody says otherwise.</summary>
    public const int DefaultCapacity = 10_000;

    private readonly Lock _gate = new();
    private readonly Queue<LedgerEntry> _rows = new();
    private readonly Dictionary<string, LedgerTotal> _totals = new(StringComparer.Ordinal);

    public ValueTask<LedgerReceipt> AppendAsync(LedgerEntry entry, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            _rows.Enqueue(entry);
            if (_rows.Count > capacity) _rows.Dequeue();
            var total = _totals.GetValueOrDefault(entry.Owner.TenantId);
            _totals[entry.Owner.TenantId] = new LedgerTotal(
                total.Runs + 1, total.InputTokens + entry.InputTokens, total.OutputTokens + entry.OutputTokens, total.CostNano + entry.CostNano);
        }

        return ValueTask.FromResult(LedgerReceipt.Done);
    }

    public ValueTask<IReadOnlyList<LedgerEntry>> FindAsync(IReadOnlyCollection<string> responseIds, CancellationToken cancellation = default)
    {
        lock (_gate) return ValueTask.FromResult<IReadOnlyList<LedgerEntry>>([.. _rows.Where(row => responseIds.Contains(row.ResponseId))]);
    }

    public ValueTask<LedgerTotal> TotalAsync(string tenantId, CancellationToken cancellation = default)
    {
        lock (_gate) return ValueTask.FromResult(_totals.GetValueOrDefault(tenantId));
    }

    /// <summary>The rows still held, oldest first.</summary>
    public IReadOnlyList<LedgerEntry> Rows()
    {
        lock (_gate) return [.. _rows];
    }
}
