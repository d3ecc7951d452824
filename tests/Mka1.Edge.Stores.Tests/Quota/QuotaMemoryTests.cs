using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Policies.Quota;
using Mka1.Edge.Stores.Quota;
using Mka1.Edge.Stores.Tests.Support;
using Xunit.Abstractions;

namespace Mka1.Edge.Stores.Tests.Quota;

/// <summary>Promise: the counters of 10,000 tenants with 10 end users each fit into memory, and those nobody needs any more leave it.</summary>
[Collection(TimedCollection.Name)]
public sealed class QuotaMemoryTests(ITestOutputHelper output)
{
    private const int Tenants = 10_000;
    private const int EndUsers = 10;

    /// <summary>What an end user with a request, a token and a concurrency limit may take, its part of key and tenant included.</summary>
    private const long BytesPerEndUser = 2_000;

    private static readonly QuotaLimits Limits = new(
        [new(QuotaDimension.Requests, QuotaWindow.Parse("minute"), 600), new(QuotaDimension.Tokens, QuotaWindow.Parse("hour"), 100_000)], Concurrency: 8);

    [Fact]
    public async Task Ten_thousand_tenants_with_ten_end_users_each()
    {
        var clock = new SteppedClock();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var store = new MemoryQuotaStore(clock);
        await SendAsync(store, round: 0);
        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (Tenants * EndUsers);
        output.WriteLine($"{store.Counters} counters, {bytes} bytes an end user, {bytes * Tenants * EndUsers / (1024 * 1024)} MiB in all");
        Assert.Equal(0, store.Forgotten);
        Assert.Equal(0, store.Shares);
        Assert.InRange(bytes, 1, BytesPerEndUser);

        // Others come, hour after hour; those who left are not kept for ever.
        var most = store.Counters;
        for (var round = 1; round <= 3; round++)
        {
            clock.Advance(TimeSpan.FromHours(2));
            await SendAsync(store, round);
        }

        Assert.InRange(store.Counters, most / 2, most * 2);
        GC.KeepAlive(store);
    }

    private static async Task SendAsync(MemoryQuotaStore store, int round)
    {
        for (var tenant = 0; tenant < Tenants; tenant++)
        {
            var grant = new KeyGrant($"tenant-{tenant}", "main", new HashSet<string>());
            var key = QuotaPlan.Of(grant, Limits, Limits);
            for (var user = 0; user < EndUsers; user++)
            {
                var plan = key.For(new Caller(grant, $"user-{round}-{user}"), Limits);
                var id = Ask.NewId();
                Assert.IsType<QuotaDecision.Granted>(await store.TakeAsync(new QuotaRequest(id, plan.Admission, 0, 0, Ask.Lease)));
                Assert.IsType<QuotaDecision.Granted>(await store.TakeAsync(new QuotaRequest(id, plan.Reservation(100, default), 500, 1, Ask.Lease)));
                await store.SettleAsync(id, new QuotaUsage(1, 300, 0));
            }
        }
    }
}
