using System.Collections.Concurrent;
using Mka1.Edge.Policies.Quota;
using Mka1.Edge.Stores.Quota;
using Mka1.Edge.Stores.Redis;
using Mka1.Edge.Stores.Tests.Support;

namespace Mka1.Edge.Stores.Tests.Quota;

/// <summary>Promise: a Redis that goes away costs nobody an answer, each replica then grants its part of the limits, and Redis learns of all of it.</summary>
[Collection(TimedCollection.Name)]
public sealed class FailoverQuotaStoreTests : IAsyncLifetime, IDisposable
{
    private static readonly QuotaCounter Tokens = Ask.Counter("t", QuotaDimension.Tokens, 1000, "day");
    private static readonly QuotaCounter Slots = Ask.Counter("t", QuotaDimension.Concurrency, 10, null);

    private readonly RedisProcess _server = new();
    private readonly List<IAsyncDisposable> _open = [];

    public Task InitializeAsync() => _server.StartAsync();

    public async Task DisposeAsync()
    {
        foreach (var one in Enumerable.Reverse(_open)) await one.DisposeAsync();
    }

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task While_Redis_is_there_it_decides()
    {
        var stores = await ReplicasAsync(2);
        await TakeAsync(stores[0], 600);
        Assert.IsType<QuotaDecision.Exhausted>(await stores[1].TakeAsync(Ask.For(Ask.NewId(), (Tokens, 600))));
        Assert.All(stores, store => Assert.Equal((false, 0), (store.IsLocal, store.LocalDecisions)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task While_Redis_is_away_replicas_grant_their_parts_and_Redis_learns_of_it_afterwards(bool killed)
    {
        var stores = await ReplicasAsync(2);
        var early = await TakeAsync(stores[0], 100);
        if (killed) _server.Kill();
        else _server.Stop();

        // 100 calls at once on each; 1000 tokens in all, so each replica has 500.
        var decisions = await Task.WhenAll(
            from store in stores
            from _ in Enumerable.Range(0, 100)
            let id = Ask.NewId()
            select Task.Run(async () => (store, id, decision: await store.TakeAsync(Ask.For(id, (Tokens, 50), (Slots, 0))))));
        var granted = decisions.Where(d => d.decision is QuotaDecision.Granted).ToList();
        Assert.Equal([10, 10], granted.GroupBy(d => d.store).Select(group => group.Count()));
        Assert.All(stores, store => Assert.True(store.IsLocal));
        Assert.Equal(200, stores.Sum(store => store.LocalDecisions));

        // What is told of a refusal are the whole limits, and what is left here.
        var refused = Assert.IsType<QuotaDecision.Exhausted>(await stores[0].TakeAsync(Ask.For(Ask.NewId(), (Tokens, 600))));
        Assert.Equal((Tokens, 0), (refused.Refusing.Counter, refused.Refusing.Remaining));
        Assert.NotNull(refused.RetryAfter);

        // Half of what was granted comes to an end meanwhile, and so does what Redis had granted before.
        foreach (var (store, id, _) in granted.Take(10)) await store.SettleAsync(id, new QuotaUsage(1, 20, 0));
        await stores[0].SettleAsync(early, new QuotaUsage(1, 30, 0));

        if (killed) await _server.StartAsync();
        else _server.Continue();
        await Eventually.IsTrueAsync(() => stores.All(store => !store.IsLocal));
        Assert.Equal(0, stores.Sum(store => store.Spooled));
        foreach (var (store, id, _) in granted.Skip(10)) await store.SettleAsync(id, new QuotaUsage(1, 40, 0));

        // A Redis that was killed has forgotten what it had granted.
        var used = (10 * 20) + (10 * 40) + (killed ? 0 : 30);
        Assert.Equal([used, used], await Task.WhenAll(stores.Select(UsedAsync)));
        var before = stores.Sum(store => store.LocalDecisions);
        Assert.IsType<QuotaDecision.Exhausted>(await stores[1].TakeAsync(Ask.For(Ask.NewId(), (Tokens, 1001 - used))));
        Assert.IsType<QuotaDecision.Granted>(await stores[1].TakeAsync(Ask.For(Ask.NewId(), (Tokens, 1000 - used))));
        Assert.Equal(before, stores.Sum(store => store.LocalDecisions));
    }

    [Fact]
    public async Task What_runs_on_counts_in_Redis_as_soon_as_it_is_back()
    {
        var (first, second) = await ReplicasAsync(2) switch { var both => (both[0], both[1]) };
        _server.Kill();
        var ids = Enumerable.Range(0, 5).Select(_ => Ask.NewId()).ToList();
        foreach (var id in ids) Assert.IsType<QuotaDecision.Granted>(await first.TakeAsync(Ask.For(id, (Slots, 1), (Tokens, 20))));
        Assert.IsType<QuotaDecision.Exhausted>(await first.TakeAsync(Ask.For(Ask.NewId(), (Slots, 1))));
        Assert.IsType<QuotaDecision.Granted>(await first.TakeAsync(Ask.For(ids[0], (Tokens, 30))));
        await _server.StartAsync();
        await Eventually.IsTrueAsync(() => !first.IsLocal && !second.IsLocal);

        var look = await second.TakeAsync(Ask.Look(Slots, Tokens));
        Assert.Equal([5, 130], look.Readings.Select(r => r.Used));

        // Settled by another replica, which knows nothing but the id, or by the same one.
        await second.SettleAsync(ids[0], new QuotaUsage(1, 44, 0));
        foreach (var id in ids.Skip(1)) await first.SettleAsync(id, QuotaUsage.None);
        look = await second.TakeAsync(Ask.Look(Slots, Tokens));
        Assert.Equal([0, 44], look.Readings.Select(r => r.Used));
    }

    [Fact]
    public async Task What_was_taken_for_good_is_told_counter_by_counter()
    {
        var store = (await ReplicasAsync(1))[0];
        _server.Kill();
        var counters = Enumerable.Range(0, 250).Select(i => Ask.Counter($"user-{i}", QuotaDimension.Requests, 100)).ToList();
        for (var round = 0; round < 3; round++)
        {
            foreach (var counter in counters)
                Assert.IsType<QuotaDecision.Granted>(await store.TakeAsync(Ask.For(Ask.NewId(), (counter, 1)) with { Lease = TimeSpan.Zero }));
        }

        await _server.StartAsync();
        await Eventually.IsTrueAsync(() => !store.IsLocal);
        foreach (var counter in counters) Assert.Equal(3, (await store.TakeAsync(Ask.Look(counter))).Readings[0].Used);
        Assert.Equal(0, store.Dropped);
    }

    [Fact]
    public async Task A_stream_that_began_with_Redis_goes_on_without_it_and_is_settled_once()
    {
        var store = (await ReplicasAsync(1))[0];
        var id = await TakeAsync(store, 100);
        _server.Stop();
        Assert.IsType<QuotaDecision.Granted>(await store.TakeAsync(Ask.For(id, (Tokens, 200))));
        await store.SettleAsync(id, new QuotaUsage(1, 250, 0));
        Assert.Equal(1, store.Spooled);
        _server.Continue();
        await Eventually.IsTrueAsync(() => !store.IsLocal);
        Assert.Equal(250, await UsedAsync(store));
        await store.SettleAsync(id, new QuotaUsage(1, 99, 0));
        Assert.Equal(250, await UsedAsync(store));
    }

    [Fact]
    public async Task Nothing_is_counted_twice_however_often_Redis_goes_and_comes_back()
    {
        var store = (await ReplicasAsync(1))[0];
        var counter = Ask.Counter("busy", QuotaDimension.Tokens, 1_000_000_000, "day");
        using var stop = new CancellationTokenSource();
        var settled = 0L;
        var callers = Enumerable.Range(0, 20).Select(caller => Task.Run(async () =>
        {
            var random = new Random(caller);
            while (!stop.IsCancellationRequested)
            {
                var id = Ask.NewId();
                Assert.IsType<QuotaDecision.Granted>(await store.TakeAsync(Ask.For(id, (counter, 100))));
                await Task.Delay(random.Next(20));
                var used = random.Next(150);
                await store.SettleAsync(id, new QuotaUsage(1, used, 0));
                Interlocked.Add(ref settled, used);
            }
        })).ToList();
        for (var i = 1; i <= 4; i++)
        {
            var before = store.LocalDecisions;
            _server.Stop();
            await Eventually.IsTrueAsync(() => store.LocalDecisions > before + (100 * i));
            _server.Continue();
            await Eventually.IsTrueAsync(() => !store.IsLocal);
        }

        await stop.CancelAsync();
        await Task.WhenAll(callers);
        await Eventually.IsTrueAsync(() => !store.IsLocal && store.Spooled == 0);

        Assert.Equal(Interlocked.Read(ref settled), (await store.TakeAsync(Ask.Look(counter))).Readings[0].Used);
    }

    [Fact]
    public async Task What_Redis_gets_to_late_counts_for_nothing()
    {
        var store = (await ReplicasAsync(1))[0];
        var counter = Ask.Counter("late", QuotaDimension.Requests, 20, "day");
        _server.Stop();
        var decisions = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => TakeForGoodAsync(store, counter)));
        Assert.Equal(20, decisions.Count(decision => decision is QuotaDecision.Granted));
        _server.Continue();
        await Eventually.IsTrueAsync(() => !store.IsLocal);
        Assert.Equal(20, (await store.TakeAsync(Ask.Look(counter))).Readings[0].Used);
    }

    [Fact]
    public async Task While_Redis_is_only_suspect_nobody_waits_who_has_plenty_of_room_and_nobody_else_is_decided_on()
    {
        var connection = new RedisConnection(_server.Address, TimeSpan.FromMinutes(1), silence: TimeSpan.FromSeconds(3));
        var store = new FailoverQuotaStore(new RedisQuotaStore(connection), TimeProvider.System);
        _open.Add(connection);
        _open.Add(store);
        var (wide, narrow, unknown) = (Wide("wide"), Ask.Counter("narrow", QuotaDimension.Requests, 100, "day"), Wide("unknown"));
        await Eventually.IsTrueAsync(() => store.Replicas == 1 && !store.IsLocal);
        await store.TakeAsync(Ask.For(Ask.NewId(), (narrow, 90)));
        var (asked, clock) = (0, System.Diagnostics.Stopwatch.StartNew());
        await Eventually.IsTrueAsync(async () =>
        {
            Assert.IsType<QuotaDecision.Granted>(await TakeForGoodAsync(store, wide));
            await store.TakeAsync(Ask.For(Ask.NewId(), (narrow, 0)));
            asked++;
            await Task.Delay(5);
            return clock.Elapsed > TimeSpan.FromSeconds(6);
        });

        _server.Stop();
        var waiting = new[] { narrow, unknown }.Select(counter => TakeForGoodAsync(store, counter)).ToArray();
        for (var i = 0; i < 20; i++) Assert.IsType<QuotaDecision.Granted>(await TakeForGoodAsync(store, wide));
        await store.SettleAsync(Ask.NewId(), QuotaUsage.None);
        Assert.Equal((20, 1, true), (store.LocalDecisions, store.Spooled, connection.IsAvailable));
        Assert.DoesNotContain(waiting, decision => decision.IsCompleted);

        // A reply ends it; what was granted on trust is told, the first of it under the name Redis was asked by.
        _server.Continue();
        await Task.WhenAll(waiting);
        await Eventually.IsTrueAsync(() => !store.IsLocal);
        Assert.Equal([asked + 20, 91, 1], (await store.TakeAsync(Ask.Look(wide, narrow, unknown))).Readings.Select(reading => reading.Used));
        Assert.Equal(20, store.LocalDecisions);

        static QuotaCounter Wide(string name) => Ask.Counter(name, QuotaDimension.Requests, 1_000_000, "day");
    }

    [Fact]
    public async Task Postings_beyond_the_bound_are_dropped_and_named()
    {
        var dropped = new ConcurrentQueue<string>();
        var store = (await ReplicasAsync(1, capacity: 3, dropped.Enqueue))[0];
        _server.Kill();
        var ids = new List<string>();
        for (var i = 0; i < 5; i++) ids.Add(await TakeAsync(store, 1));
        foreach (var id in ids) await store.SettleAsync(id, new QuotaUsage(1, 1, 0));
        Assert.Equal(ids[..2], dropped);
        Assert.Equal((3, 2), (store.Spooled, store.Dropped));
    }

    [Fact]
    public async Task A_replica_that_ends_takes_nobodys_part()
    {
        var stores = await ReplicasAsync(3);
        await stores[2].DisposeAsync();
        await Eventually.IsTrueAsync(() => stores[0].Replicas == 2 && stores[1].Replicas == 2);
    }

    [Fact]
    public async Task A_gateway_that_starts_without_Redis_serves_and_goes_over_to_it()
    {
        _server.Kill();
        var store = Replica();
        await TakeAsync(store, 10);
        Assert.True(store.IsLocal);
        await _server.StartAsync();
        await Eventually.IsTrueAsync(() => !store.IsLocal);
        Assert.Equal(10, await UsedAsync(store));
    }

    private static Task<QuotaDecision> TakeForGoodAsync(FailoverQuotaStore store, QuotaCounter counter) =>
        store.TakeAsync(Ask.For(Ask.NewId(), (counter, 1)) with { Lease = TimeSpan.Zero }).AsTask();

    private static async Task<string> TakeAsync(FailoverQuotaStore store, long tokens)
    {
        var id = Ask.NewId();
        Assert.IsType<QuotaDecision.Granted>(await store.TakeAsync(Ask.For(id, (Tokens, tokens))));
        return id;
    }

    private static async Task<long> UsedAsync(FailoverQuotaStore store) => (await store.TakeAsync(Ask.Look(Tokens))).Readings[0].Used;

    private async Task<FailoverQuotaStore[]> ReplicasAsync(int count, int capacity = FailoverQuotaStore.DefaultCapacity, Action<string>? dropped = null)
    {
        var stores = Enumerable.Range(0, count).Select(_ => Replica(capacity, dropped)).ToArray();
        await Eventually.IsTrueAsync(() => stores.All(store => store.Replicas == count && !store.IsLocal));
        return stores;
    }

    private FailoverQuotaStore Replica(int capacity = FailoverQuotaStore.DefaultCapacity, Action<string>? dropped = null)
    {
        var connection = new RedisConnection(_server.Address, silence: TimeSpan.FromMilliseconds(40));
        var store = new FailoverQuotaStore(new RedisQuotaStore(connection), TimeProvider.System, capacity, dropped);
        _open.Add(connection);
        _open.Add(store);
        return store;
    }
}
