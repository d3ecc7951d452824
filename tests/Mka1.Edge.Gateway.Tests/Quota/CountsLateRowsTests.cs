using Microsoft.Extensions.Logging.Abstractions;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Quota;
using Mka1.Edge.Gateway.Tests.Support;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Policies.Quota;
using Mka1.Edge.Stores.Ledger;
using Mka1.Edge.Stores.Quota;

namespace Mka1.Edge.Gateway.Tests.Quota;

/// <summary>Promise: what a replica that is gone had set aside is settled by the ledger, if its row came to be there late.</summary>
public sealed class CountsLateRowsTests
{
    private static readonly QuotaCounter Tokens = new("k:acme/main:tokens:day", QuotaScope.Key, QuotaDimension.Tokens, QuotaWindow.Parse("day"), 1000);

    [Fact]
    public async Task A_row_that_is_committed_after_the_share_was_settled_counts()
    {
        var clock = new FakeClock();
        var (store, ledger) = (new MemoryQuotaStore(clock), new MemoryLedger());
        var shares = new QuotaShares(store, new EdgeConfiguration(EdgeSnapshot.Build(new EdgeConfig())), NullLogger<QuotaShares>.Instance);
        using var keeper = new QuotaKeeper(shares, store, ledger, clock, NullLogger<QuotaKeeper>.Instance);
        Assert.IsType<QuotaDecision.Granted>(await store.TakeAsync(new QuotaRequest("resp_1", [new QuotaCharge(Tokens, 600)], 0, 0, shares.Lease)));
        await keeper.StartAsync(CancellationToken.None);

        await clock.AdvanceUntilAsync(UsedAsync(store, 0), shares.Lease / 3);
        await ledger.AppendAsync(new LedgerEntry("resp_1", new Owner("acme", null), "main", "dense", clock.GetUtcNow(), 300, 50, false));
        await clock.AdvanceUntilAsync(UsedAsync(store, 350), shares.Lease / 3);
        await keeper.StopAsync(CancellationToken.None);
    }

    private static async Task UsedAsync(MemoryQuotaStore store, long used)
    {
        while ((await store.TakeAsync(new QuotaRequest("look", [new QuotaCharge(Tokens, 0)], 0, 0, TimeSpan.Zero))).Readings[0].Used != used) await Task.Delay(5);
    }
}
