using Mka1.Edge.Policies.Quota;
using Mka1.Edge.Stores.Quota;
using Mka1.Edge.Stores.Tests.Support;

namespace Mka1.Edge.Stores.Tests.Quota;

public sealed class MemoryQuotaStoreTests : QuotaStoreBehaviour
{
    private readonly MemoryQuotaStore _store;

    public MemoryQuotaStoreTests() => _store = new MemoryQuotaStore(Clock);

    protected override IQuotaStore Store => _store;

    [Fact]
    public async Task Counters_that_count_nothing_any_more_are_dropped()
    {
        for (var round = 0; round < 5; round++)
        {
            for (var i = 0; i < 20_000; i++)
            {
                var id = Ask.NewId();
                var name = $"user-{round}-{i}";
                await _store.TakeAsync(Ask.For(
                    id, (Ask.Counter(name, QuotaDimension.Requests, 10), 1), (Ask.Counter(name, QuotaDimension.Concurrency, 10, null), 1)));
                await _store.SettleAsync(id, new QuotaUsage(1, 0, 0));
            }

            Clock.Advance(TimeSpan.FromMinutes(2));
        }

        Assert.InRange(_store.Counters, 1, 2 * 40_000);
        Assert.Equal(0, _store.Shares);
        Assert.Equal(0, _store.Forgotten);
    }

    [Fact]
    public async Task Without_room_those_are_forgotten_that_would_be_empty_soonest()
    {
        var store = new MemoryQuotaStore(Clock, capacity: 3200);
        for (var i = 0; i < 200; i++)
        {
            await store.TakeAsync(Ask.For(Ask.NewId(), (Ask.Counter($"month-{i}", QuotaDimension.Tokens, 10, "month"), 10)));
            await store.TakeAsync(Ask.For(Ask.NewId(), (Ask.Counter($"slot-{i}", QuotaDimension.Concurrency, 1, null), 1)));
        }

        for (var i = 0; i < 10_000; i++) await store.TakeAsync(Ask.For(Ask.NewId(), (Ask.Counter($"user-{i}", QuotaDimension.Requests, 10), 1)));

        Assert.InRange(store.Counters, 1, 3200);
        Assert.True(store.Forgotten > 6000);
        for (var i = 0; i < 200; i++)
        {
            Assert.Equal(10, (await store.TakeAsync(Ask.Look(Ask.Counter($"month-{i}", QuotaDimension.Tokens, 10, "month")))).Readings[0].Used);
            Assert.Equal(1, (await store.TakeAsync(Ask.Look(Ask.Counter($"slot-{i}", QuotaDimension.Concurrency, 1, null)))).Readings[0].Used);
        }
    }

    [Fact]
    public async Task A_change_of_the_time_of_day_changes_nothing()
    {
        var clock = new SkewedClock();
        var store = new MemoryQuotaStore(clock);
        var counter = Ask.Counter("t", QuotaDimension.Requests, 1);
        await store.TakeAsync(Ask.For(Ask.NewId(), (counter, 1)));
        clock.Skew = TimeSpan.FromHours(1);
        Assert.IsType<QuotaDecision.Exhausted>(await store.TakeAsync(Ask.For(Ask.NewId(), (counter, 1))));
    }
}
