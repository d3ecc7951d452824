using Mka1.Edge.Policies.Quota;
using Mka1.Edge.Stores;
using Mka1.Edge.Stores.Ledger;
using Mka1.Edge.Stores.Quota;

namespace Mka1.Edge.Gateway.Quota;

/// <summary>
/// Renews the shares this replica holds, and settles those of replicas that are gone by what the ledger says: a run that has its
/// row spent what stands there, one that has none spent nothing.
/// </summary>
internal sealed class QuotaKeeper(QuotaShares shares, IQuotaStore store, ILedger ledger, TimeProvider clock, ILogger<QuotaKeeper> logger) : BackgroundService
{
    private const int AtATime = 200;

    /// <summary>Leases are renewed this many times before they are over.</summary>
    private const int RenewalsPerLease = 3;

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

        var rows = (await ledger.FindAsync([.. expired], stopping)).ToDictionary(row => row.ResponseId);

        // All at once: this replica's own shares must be renewed meanwhile.
        await Task.WhenAll(expired.Select(id =>
        {
            var row = rows.GetValueOrDefault(id);
            return store.ReclaimAsync(id, new QuotaUsage(1, row?.InputTokens + row?.OutputTokens ?? 0, row?.CostNano ?? 0), stopping).AsTask();
        }));

        logger.Reclaimed(expired.Count, rows.Count);
        return expired.Count;
    }
}
