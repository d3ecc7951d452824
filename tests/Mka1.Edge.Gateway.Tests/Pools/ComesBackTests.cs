using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Tests.Support;
using Xunit.Abstractions;

namespace Mka1.Edge.Gateway.Tests.Pools;

/// <summary>Promise: a server that is well again gets its work back, and a pool that was down as a whole is back within a second of its first server.</summary>
public sealed class ComesBackTests(ITestOutputHelper log)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_server_that_is_well_again_is_found_by_a_request_that_nobody_misses()
    {
        var clock = new FakeClock();
        await using var bench = await PoolBench.StartAsync(clock: clock);
        bench.One.Play(Scripts.Reset);
        Assert.Empty(await bench.LoadAsync(60));
        Assert.Equal("resting", (await bench.SeenAsync("one")).GetProperty("state").GetString());

        // Its rest is over and it still fails: one request finds out, and goes to the other server.
        var before = bench.One.Calls.Count;
        clock.Advance(Second * 1.3);
        Assert.Empty(await bench.LoadAsync(40));
        Assert.Equal(before + 1, bench.One.Calls.Count);

        bench.One.Play(Scripts.Completed(PoolBench.Text));
        clock.Advance(Second * 1.5);
        Assert.Empty(await bench.LoadAsync(10));
        Assert.Empty(bench.One.Calls);
        clock.Advance(Second);
        Assert.Empty(await bench.LoadAsync(60));
        Assert.Equal("available", (await bench.SeenAsync("one")).GetProperty("state").GetString());
        Assert.InRange(bench.One.Calls.Count, 10, 60);
    }

    [Fact]
    public async Task A_pool_that_is_down_says_503_with_the_time_to_come_back_and_is_tried_once_a_second()
    {
        var clock = new FakeClock();
        await using var bench = await PoolBench.StartAsync(clock: clock);
        bench.One.Play(Scripts.Reset);
        bench.Two.Play(Scripts.Reset);
        for (var i = 0; i < 30; i++) await AssertDownAsync(bench);
        var calls = bench.One.Calls.Count + bench.Two.Calls.Count;
        Assert.InRange(calls, 10, 20);

        // Rests grow to half a minute; in need each server is tried every second all the same, and no more often.
        for (var second = 0; second < 20; second++)
        {
            clock.Advance(Second);
            for (var i = 0; i < 5; i++) await AssertDownAsync(bench);
        }

        var tried = bench.One.Calls.Count + bench.Two.Calls.Count - calls;
        log.WriteLine($"100 requests in 20 s to a pool that is down: {tried} tries.");
        Assert.InRange(tried, 20, 40);

        bench.Two.Play(Scripts.Completed(PoolBench.Text));
        clock.Advance(Second);
        using var answer = await bench.SayAsync();
        Assert.True(answer.IsSuccessStatusCode);
        Assert.Empty(await bench.LoadAsync(20));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_server_that_says_when_it_has_room_again_is_left_alone_until_then(int status)
    {
        var clock = new FakeClock();
        await using var bench = await PoolBench.StartAsync(clock: clock);
        bench.One.Play(Scripts.Json("""{"error":{"message":"Full."}}""", status, headers: "Retry-After: 7\r\n"));
        Assert.Empty(await bench.LoadAsync(20, atOnce: 2));
        var asked = bench.One.Calls.Count;
        Assert.InRange(asked, 1, 2);
        clock.Advance(Second * 6);
        Assert.Empty(await bench.LoadAsync(20, atOnce: 2));
        Assert.Equal(asked, bench.One.Calls.Count);

        bench.Two.Play(Scripts.Json("""{"error":{"message":"Full."}}""", status, headers: "Retry-After: 999\r\n"));
        using (var busy = await bench.SayAsync())
        {
            // The soonest of the two; the other is believed for half a minute at most.
            await busy.AssertRefusedAsync(503, "overloaded");
            Assert.Equal(Second, busy.Headers.RetryAfter?.Delta);
        }

        bench.One.Play(Scripts.Completed(PoolBench.Text));
        using (var early = await bench.SayAsync()) await early.AssertRefusedAsync(503, "overloaded");
        Assert.Empty(bench.One.Calls);
        clock.Advance(Second);
        using var answer = await bench.SayAsync();
        Assert.True(answer.IsSuccessStatusCode);
        clock.Advance(Second * 28);
        bench.Two.Play(Scripts.Completed(PoolBench.Text));
        Assert.Empty(await bench.LoadAsync(10, atOnce: 2));
        Assert.Empty(bench.Two.Calls);
        clock.Advance(Second * 2);
        Assert.Empty(await bench.LoadAsync(20, atOnce: 4));
        Assert.NotEmpty(bench.Two.Calls);
    }

    [Fact]
    public async Task What_is_known_of_a_server_and_what_is_under_way_outlive_a_reload()
    {
        await using var bench = await PoolBench.StartAsync(pool => pool with { Health = pool.Health with { Passive = new PassiveHealthConfig { FirstRestSeconds = 600, LongestRestSeconds = 600 } } });
        bench.One.Play(Scripts.Reset);
        Assert.Empty(await bench.LoadAsync(40));
        var goOn = new TaskCompletionSource();
        bench.Two.Play(async call => { await goOn.Task; await Scripts.Completed(PoolBench.Text)(call); });
        var answering = bench.SayAsync();
        await bench.Two.NextCallAsync();

        // A reload that changes the pool, and another that takes it away.
        await NextConfiguration.ApplyAsync(bench.Gateway, config => config with
        {
            Pools = config.Pools.ToDictionary(p => p.Key, p => p.Key == "dense" ? p.Value with { ConnectTimeoutSeconds = 3 } : p.Value),
        });
        Assert.Equal("resting", (await bench.SeenAsync("one")).GetProperty("state").GetString());
        Assert.Equal(1, (await bench.SeenAsync("two")).GetProperty("outstanding").GetInt32());
        await NextConfiguration.ApplyAsync(bench.Gateway, config => config with
        {
            Pools = config.Pools.Where(p => p.Key != "dense").ToDictionary(p => p.Key, p => p.Value),
            Families = config.Families.ToDictionary(
                f => f.Key, f => f.Value with { Default = "moe", Variants = f.Value.Variants.Where(v => v.Key != "dense").ToDictionary(v => v.Key, v => v.Value) }),
        });
        goOn.SetResult();
        using var answer = await answering;
        Assert.Contains(PoolBench.Text, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task AssertDownAsync(PoolBench bench)
    {
        using var answer = await bench.SayAsync();
        await answer.AssertRefusedAsync(503, "no_backend_available");
        Assert.Equal(Second, answer.Headers.RetryAfter?.Delta);
    }
}
