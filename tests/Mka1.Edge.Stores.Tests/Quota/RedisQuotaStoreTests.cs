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
    public async Task An_attempt_that_was_withdrawn_holds_nothing_whether_it_was_carried_out_before_or_is_later()
    {
        var (early, late) = (Ask.For(Ask.NewId(), (_tokens, 10), (_slots, 1)), Ask.For(Ask.NewId(), (_tokens, 10), (_slots, 1)));
        await _store.TakeAsync(early, "attempt 1", default);
        for (var i = 0; i < 2; i++)
        {
            await _store.WithdrawAsync(early.Id, "attempt 1");
            await _store.WithdrawAsync(late.Id, "attempt 2");
        }

        await _store.TakeAsync(late, "attempt 2", default);
        await AssertUsedAsync(0, 0);

        // Who asks again under the same id is another attempt.
        await _store.TakeAsync(late, "attempt 3", default);
        await AssertUsedAsync(10, 1);
    }

    [Fact]
    public async Task A_share_that_another_attempt_began_stays()
    {
        var request = Ask.For(Ask.NewId(), (_tokens, 10), (_slots, 1));
        await _store.TakeAsync(request, "attempt 1", default);
        await _store.WithdrawAsync(request.Id, "attempt 2");
        await AssertUsedAsync(10, 1);
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
        for (var i = 0; i < 3; i++) await _store.AdoptAsync(granted, "first");
        await AssertUsedAsync(170, 2);
        await _store.AdoptAsync(Ask.For(id, (_tokens, 5)), "second");
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
