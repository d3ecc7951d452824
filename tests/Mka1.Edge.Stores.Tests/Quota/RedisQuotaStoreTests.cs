using Mka1.Edge.Policies.Quota;
using Mka1.Edge.Stores.Quota;
using Mka1.Edge.Stores.Tests.Support;

namespace Mka1.Edge.Stores.Tests.Quota;

public sealed class RedisQuotaStoreTests : QuotaStoreBehaviour, IClassFixture<RedisFixture>
{
    private readonly RedisFixture _redis;
    private readonly RedisQuotaStore _store;
    private readonly QuotaCounter _tokens = Ask.Counter("own", QuotaDimension.Tokens, 100);
    private readonly QuotaCounter _slots = Ask.Counter("own", QuotaDimension.Concurrency, 2, null);

    public RedisQuotaStoreTests(RedisFixture redis)
    {
        _redis = redis;
        _store = new RedisQuotaStore(redis.Here, $"mka1:{{quota-{Guid.NewGuid():N}}}:", () => Clock.GetUtcNow().ToUnixTimeMilliseconds());
    }

    protected override IQuotaStore Store => _store;

    [Fact]
    public async Task Scripts_are_sent_again_after_they_were_flushed()
    {
        await _store.TakeAsync(Ask.For(Ask.NewId(), (_tokens, 1)));
        await _redis.Elsewhere.RunAsync(database => database.ExecuteAsync("SCRIPT", "FLUSH"));
        await _store.TakeAsync(Ask.For(Ask.NewId(), (_tokens, 1)));
        await AssertUsedAsync(2, 0);
    }

    [Fact]
    public async Task What_was_asked_and_what_is_told_under_the_same_name_count_once_whichever_comes_first()
    {
        var numbers = 0;
        foreach (var lease in new[] { Ask.Lease, TimeSpan.Zero })
        {
            for (var order = 0; order < 3; order++)
            {
                var take = new TakeName("replica", ++numbers);
                var request = Ask.For(Ask.NewId(), (_tokens, 10)) with { Lease = lease };
                var told = new LocalBatch(request, take.ToString(), take);
                if (order == 1) await _store.AdoptAsync(told);
                Assert.IsType<QuotaDecision.Granted>(await _store.TakeAsync(request, take, default));
                if (order == 2) await _store.AdoptAsync(told);
                await _store.AdoptAsync(told);
                await AssertUsedAsync(10 * numbers, 0);
            }
        }
    }

    [Fact]
    public async Task A_Redis_whose_clock_is_changed_is_asked_again()
    {
        var numbers = 0L;
        foreach (var step in new[] { 0, 10_000, -3_000, 86_400_000, -9_000 })
        {
            Clock.Advance(TimeSpan.FromMilliseconds(step));
            Assert.IsType<QuotaDecision.Granted>(await _store.TakeAsync(Ask.For(Ask.NewId(), (_tokens, 1)), new TakeName("replica", numbers++), default));
        }
    }

    [Fact]
    public async Task A_posting_settles_what_is_known_charges_what_is_not_and_happens_once()
    {
        var other = Ask.Counter("other", QuotaDimension.Tokens, 20);
        var id = Ask.NewId();
        await _store.TakeAsync(Ask.For(id, (_tokens, 50), (_slots, 1)));
        for (var i = 0; i < 3; i++) await _store.PostAsync(id, new QuotaUsage(1, 30, 0), [_tokens, other, _slots]);
        await AssertUsedAsync(30, 0);
        Assert.Equal(30, (await _store.TakeAsync(Ask.Look(other))).Readings[0].Used);

        // The attempt whose reply nobody waited for is carried out late, or settled by who found its lease over.
        await _store.TakeAsync(Ask.For(id, (_tokens, 50), (_slots, 1)));
        await _store.SettleAsync(id, new QuotaUsage(1, 99, 0));
        await _store.RenewAsync([id], Ask.Lease);
        await AssertUsedAsync(30, 0);
        Clock.Advance(Ask.Lease);
        Assert.Empty(await _store.TakeExpiredAsync(10, Ask.Lease));
    }

    [Fact]
    public async Task What_was_granted_elsewhere_is_taken_in_once_even_without_room()
    {
        var id = Ask.NewId();
        var granted = Ask.For(id, (_tokens, 80), (_slots, 1));
        await _store.TakeAsync(Ask.For(Ask.NewId(), (_tokens, 90), (_slots, 1)));
        for (var i = 0; i < 3; i++) await _store.AdoptAsync(new LocalBatch(granted, "first"));
        await AssertUsedAsync(170, 2);
        await _store.AdoptAsync(new LocalBatch(Ask.For(id, (_tokens, 5)), "second"));
        await AssertUsedAsync(175, 2);
        await _store.SettleAsync(id, new QuotaUsage(1, 3, 0));
        await AssertUsedAsync(93, 1);
    }

    [Fact]
    public async Task Replicas_count_for_as_long_as_they_say_so()
    {
        Assert.Equal(1, await _store.BeatAsync("one", TimeSpan.FromSeconds(10)));
        Clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(2, await _store.BeatAsync("two", TimeSpan.FromSeconds(10)));
        Clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(1, await _store.BeatAsync("two", TimeSpan.FromSeconds(10)));
    }

    private async Task AssertUsedAsync(long tokens, long slots) =>
        Assert.Equal([tokens, slots], (await _store.TakeAsync(Ask.Look(_tokens, _slots))).Readings.Select(reading => reading.Used));
}
