using System.Collections.Concurrent;
using Mka1.Edge.Policies.Quota;
using Mka1.Edge.Stores.Quota;
using Mka1.Edge.Stores.Redis;
using Mka1.Edge.Stores.Tests.Support;

namespace Mka1.Edge.Stores.Tests.Quota;

/// <summary>Promise: however many ask on however many replicas at once, not one more is granted than the limit, and nothing is lost or counted twice.</summary>
public sealed class QuotaExactnessTests : IAsyncLifetime
{
    private const int Callers = 512;
    private const int Attempts = 12_800;
    private const int Limit = 1000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Connections of three replicas.
    private readonly RedisConnection[] _connections = [.. Enumerable.Range(0, 3).Select(_ => new RedisConnection(TestServers.Redis, Patience))];
    private readonly RedisQuotaStore[] _stores;
    private readonly string _name = "t:" + Guid.NewGuid().ToString("N");
    private readonly string _prefix = $"mka1:{{quota-{Guid.NewGuid():N}}}:";

    public QuotaExactnessTests() => _stores = [.. _connections.Select(connection => new RedisQuotaStore(connection, _prefix, null))];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var connection in _connections) await connection.DisposeAsync();
    }

    [Fact]
    public async Task Of_12800_attempts_on_three_replicas_exactly_1000_are_granted()
    {
        var counter = Ask.Counter(_name, QuotaDimension.Requests, Limit, "day");
        var granted = await CountAsync(async attempt =>
            await _stores[attempt % 3].TakeAsync(Ask.For(Ask.NewId(), (counter, 1))) is QuotaDecision.Granted);
        Assert.Equal(Limit, granted);
    }

    [Fact]
    public async Task In_memory_it_is_exactly_1000_as_well()
    {
        var counter = Ask.Counter(_name, QuotaDimension.Requests, Limit, "day");
        var store = new MemoryQuotaStore(TimeProvider.System);
        Assert.Equal(Limit, await CountAsync(async _ => await store.TakeAsync(Ask.For(Ask.NewId(), (counter, 1))) is QuotaDecision.Granted));
    }

    [Fact]
    public async Task Asking_first_and_counting_then_would_grant_more()
    {
        var naive = _connections.Select(connection => new NaiveCounter(connection, _prefix + "naive", Limit)).ToArray();
        Assert.True(await CountAsync(attempt => naive[attempt % 3].TryTakeAsync()) > Limit);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_budget_holds_through_failures_late_and_repeated_settlements_and_shares_left_behind(bool inRedis)
    {
        const long Budget = 200_000;
        var tokens = Ask.Counter(_name, QuotaDimension.Tokens, Budget, "day");
        var memory = new MemoryQuotaStore(TimeProvider.System);
        IQuotaStore Store(int i) => inRedis ? _stores[i % 3] : memory;
        var settled = 0L;
        var highest = 0L;
        var left = new ConcurrentQueue<string>();
        await Parallel.ForAsync(0, 3000, new ParallelOptions { MaxDegreeOfParallelism = 1000 }, async (i, token) =>
        {
            var random = new Random(i);
            var id = Ask.NewId();
            var request = Ask.Units(id, random.Next(1, 2000), 1, new QuotaCharge(tokens, random.Next(500), 1)) with { Lease = TimeSpan.FromSeconds(1) };
            var decision = await Store(i).TakeAsync(request, token);
            Max(ref highest, decision.Readings[0].Used);
            if (decision is not QuotaDecision.Granted granted) return;
            var set = request.Charges[0].Fixed + granted.Units;
            var used = random.NextInt64(set + 1);
            switch (random.Next(4))
            {
                case 0: // It failed.
                    await Store(i + 1).SettleAsync(id, QuotaUsage.None, token);
                    await Store(i + 2).SettleAsync(id, new QuotaUsage(1, used, 0), token);
                    return;
                case 1: // Its replica died.
                    left.Enqueue(id);
                    return;
                case 2: // Its settlement takes a while, and is repeated.
                    await Task.Delay(random.Next(200), token);
                    break;
            }

            await Task.WhenAll(Enumerable.Range(0, 3).Select(k => Store(i + k).SettleAsync(id, new QuotaUsage(1, used, 0), token).AsTask()));
            Interlocked.Add(ref settled, used);
        });

        Assert.NotEmpty(left);
        Assert.InRange(highest, 1, Budget);
        var found = new ConcurrentBag<string>();
        await Eventually.IsTrueAsync(async () =>
        {
            await Task.WhenAll(Enumerable.Range(0, 3).Select(async i =>
            {
                foreach (var id in await Store(i).TakeExpiredAsync(50, TimeSpan.FromMinutes(1)))
                {
                    found.Add(id);
                    await Store(i).SettleAsync(id, QuotaUsage.None);
                }
            }));
            return found.Count >= left.Count;
        });

        Assert.Equal(left.Order(), found.Order());
        Assert.Equal(settled, (await Store(0).TakeAsync(Ask.Look(tokens))).Readings[0].Used);
        Assert.Empty(await Store(0).TakeExpiredAsync(1, TimeSpan.FromMinutes(1)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Never_are_more_in_flight_than_may_be(bool inRedis)
    {
        const int Slots = 20;
        var counter = Ask.Counter(_name, QuotaDimension.Concurrency, Slots, null);
        var memory = new MemoryQuotaStore(TimeProvider.System);
        IQuotaStore Store(int i) => inRedis ? _stores[i % 3] : memory;
        var (inFlight, highest, refused) = (0L, 0L, 0);
        await Parallel.ForAsync(0, 2000, new ParallelOptions { MaxDegreeOfParallelism = 200 }, async (i, token) =>
        {
            var id = Ask.NewId();
            if (await Store(i).TakeAsync(Ask.For(id, (counter, 1)), token) is QuotaDecision.Granted)
            {
                Max(ref highest, Interlocked.Increment(ref inFlight));
                await Task.Yield();
                Interlocked.Decrement(ref inFlight);
                await Store(i + 1).SettleAsync(id, QuotaUsage.None, token);
            }
            else Interlocked.Increment(ref refused);
        });

        Assert.InRange(highest, 2, Slots);
        Assert.Equal(0, (await Store(0).TakeAsync(Ask.Look(counter))).Readings[0].Used);
        Assert.True(!inRedis || refused > 0);
    }

    [Fact]
    public async Task A_wrong_clock_on_one_replica_grants_nothing_more()
    {
        var counter = Ask.Counter(_name, QuotaDimension.Requests, 100, "hour");
        await using var right = new FailoverQuotaStore(_stores[0], TimeProvider.System);
        await using var wrong = new FailoverQuotaStore(
            new RedisQuotaStore(_connections[1], _prefix, null), new SkewedClock { Skew = TimeSpan.FromHours(2) });
        var granted = await CountAsync(async attempt =>
            await (attempt % 2 == 0 ? right : wrong).TakeAsync(Ask.For(Ask.NewId(), (counter, 1))) is QuotaDecision.Granted);
        Assert.Equal(100, granted);
        Assert.Equal(0, right.LocalDecisions + wrong.LocalDecisions);
    }

    [Fact]
    public async Task What_nobody_uses_any_more_leaves_Redis()
    {
        var id = Ask.NewId();
        await _stores[0].TakeAsync(Ask.For(
            id, (Ask.Counter(_name, QuotaDimension.Tokens, 9, "second"), 1), (Ask.Counter(_name, QuotaDimension.Concurrency, 9, null), 1)) with { Lease = TimeSpan.FromSeconds(1) });
        var lifetimes = await _connections[0].RunAsync(async database =>
        {
            var found = new List<TimeSpan?>();
            foreach (var key in new[] { $"count:{_name}:Tokens:second", $"count:{_name}:Concurrency:", $"share:{id}", "leases" })
                found.Add(await database.KeyTimeToLiveAsync(_prefix + key));
            return found;
        });
        Assert.InRange(lifetimes[0]!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(1.1));
        Assert.InRange(lifetimes[1]!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.InRange(lifetimes[2]!.Value, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(11));
        Assert.InRange(lifetimes[3]!.Value, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(11));
    }

    private static async Task<int> CountAsync(Func<int, Task<bool>> attempt)
    {
        var (next, granted) = (-1, 0);
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            for (var i = Interlocked.Increment(ref next); i < Attempts; i = Interlocked.Increment(ref next))
            {
                if (await attempt(i)) Interlocked.Increment(ref granted);
            }
        })));
        return granted;
    }

    private static void Max(ref long highest, long value)
    {
        for (var seen = Interlocked.Read(ref highest); value > seen; seen = Interlocked.Read(ref highest)) Interlocked.CompareExchange(ref highest, value, seen);
    }
}
