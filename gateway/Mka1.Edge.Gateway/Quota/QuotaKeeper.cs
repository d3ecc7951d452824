using Mka1.Edge.Stores;
using Mka1.Edge.Stores.Ledger;
using Mka1.Edge.Stores.Quota;

namespace Mka1.Edge.Gateway.Quota;

/// <summary>
/// Renews the shares this replica holds, and settles those of replicas that are gone by what the ledger says: a run that has its
/// row spent what stands there, one that has none spent nothing, unless its row comes late.
/// </summary>
internal sealed class QuotaKeeper(QuotaShares shares, IQuotaStore store, ILedger ledger, TimeProvider clock, ILogger<QuotaKeeper> logger) : BackgroundService
{
    private const int AtATime = 200;

    /// <summary>Leases are renewed this many times before they are over.</summary>
    private const int RenewalsPerLease = 3;

    private readonly UnbookedRuns _unbooked = new(shares.Lease, clock);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var beat = shares.Lease / RenewalsPerLease;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(beat, clock, stoppingToken);
                if (shares.Held is { Count: > 0 } held) await store.RenewAsync([.. held], shares.Lease, stoppingToken);
                while (await ReclaimAsync(stoppingToken) == AtATime)
                {
                    // There are more.
                }

                await SettleLateAsync(stoppingToken);
            }
            catch (StoreUnavailableException)
            {
                // The store tells of it; the next beat comes.
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.KeeperFailed(e);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task<int> ReclaimAsync(CancellationToken stopping)
    {
        var expired = await store.TakeExpiredAsync(AtATime, shares.Lease, stopping);
        if (expired.Count == 0) return 0;

        var rows = await RowsAsync(expired, stopping);

        // All at once: this replica's own shares must be renewed meanwhile.
        await Task.WhenAll(expired.Select(id => SettleAsync(id, rows.GetValueOrDefault(id), stopping)));
        foreach (var id in expired.Where(id => !rows.ContainsKey(id))) _unbooked.Add(id);
        logger.Reclaimed(expired.Count, rows.Count);
        return expired.Count;
    }

    private async Task SettleLateAsync(CancellationToken stopping)
    {
        if (_unbooked.Due() is not { Count: > 0 } due) return;
        foreach (var (id, row) in await RowsAsync(due, stopping)) await SettleAsync(id, row, stopping);
    }

    private async Task<Dictionary<string, LedgerEntry>> RowsAsync(IReadOnlyList<string> ids, CancellationToken stopping) =>
        (await ledger.FindAsync([.. ids], stopping)).ToDictionary(row => row.ResponseId);

    private Task SettleAsync(string id, LedgerEntry? row, CancellationToken stopping) =>
        store.ReclaimAsync(id, LedgerUsage.Of(row), stopping).AsTask();
}
