using System.Diagnostics;
using Mka1.Edge.Stores.Redis;
using Mka1.Edge.Stores.Streams;
using Mka1.Edge.Stores.Tests.Streams;
using Mka1.Edge.Stores.Tests.Support;

namespace Mka1.Edge.Stores.Tests.Redis;

/// <summary>What a Redis that fails costs its callers.</summary>
[Collection(TimedCollection.Name)]
public sealed class RedisFaultTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>What the machine may take on top when it is busy with other tests.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    private readonly RedisProcess _server = new();
    private readonly string _id = Entries.NewId();

    public Task InitializeAsync() => _server.StartAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task After_a_kill_appends_fail_quickly_and_a_restart_shows_as_a_gap()
    {
        await using var redis = await ConnectAsync(_server.Address);
        var log = new RedisStreamLog(redis, TimeSpan.FromHours(1));
        var heard = new TaskCompletionSource();
        using var watch = log.Watch(_id, () => heard.TrySetResult());
        await log.AppendAsync(_id, 1, Entries.Range(0, 3), false);
        Assert.True(redis.IsAvailable);

        _server.Kill();
        for (var i = 0; i < 10; i++) Assert.InRange(await FailingAppendAsync(log), TimeSpan.Zero, Patience + Slack);
        Assert.InRange(await FailingAppendAsync(log), TimeSpan.Zero, Patience / 4);
        Assert.False(redis.IsAvailable);

        await _server.StartAsync();
        Assert.Equal(new AppendResult(AppendOutcome.Gap, 0), await RecoveredAsync(() => log.AppendAsync(_id, 1, Entries.Range(3, 1), false)));
        Assert.True(redis.IsAvailable);

        heard = new TaskCompletionSource();
        var next = 0;
        await Eventually.IsTrueAsync(async () =>
        {
            await log.AppendAsync(_id, 1, Entries.Range(next++, 1), false);
            await Task.Delay(10);
            return heard.Task.IsCompleted;
        });
    }

    [Fact]
    public async Task A_Redis_that_stands_still_costs_one_patience_and_then_nothing()
    {
        await using var redis = await ConnectAsync(_server.Address);
        var log = new RedisStreamLog(redis, TimeSpan.FromHours(1));
        await log.AppendAsync(_id, 1, Entries.Range(0, 3), false);

        _server.Stop();
        Assert.InRange(await FailingAppendAsync(log), TimeSpan.Zero, Patience + Slack);
        for (var i = 0; i < 20; i++) Assert.InRange(await FailingAppendAsync(log), TimeSpan.Zero, Patience / 4);

        _server.Continue();
        var result = await RecoveredAsync(() => log.AppendAsync(_id, 1, Entries.Range(3, 1), true));
        Assert.Equal(new AppendResult(AppendOutcome.Appended, 4), result);
        Entries.AssertAre((await log.ReadAsync(_id, -1, 10)).Entries, 0, 4);
    }

    [Fact]
    public async Task A_Redis_that_stands_still_for_long_is_found_again()
    {
        await using var redis = await ConnectAsync(_server.Address);
        var log = new RedisStreamLog(redis, TimeSpan.FromHours(1));
        await log.AppendAsync(_id, 1, Entries.Range(0, 3), false);

        // Long enough for the connection to be given up and replaced more than once.
        _server.Stop();
        var watch = Stopwatch.StartNew();
        await FailingAppendAsync(log);
        await Eventually.IsTrueAsync(() => watch.Elapsed > TimeSpan.FromSeconds(8));

        _server.Continue();
        Assert.Equal(new AppendResult(AppendOutcome.Appended, 4), await RecoveredAsync(() => log.AppendAsync(_id, 1, Entries.Range(3, 1), true)));
    }

    [Fact]
    public async Task A_wire_cut_without_notice_is_replaced()
    {
        await using var wire = new TcpRelay(_server.Port);
        await using var redis = await ConnectAsync(wire.Address);
        await using var direct = await ConnectAsync(_server.Address);
        var log = new RedisStreamLog(redis, TimeSpan.FromHours(1));
        var writer = new RedisStreamLog(direct, TimeSpan.FromHours(1));
        var heard = new TaskCompletionSource();
        using var watch = log.Watch(_id, () => heard.TrySetResult());
        await log.AppendAsync(_id, 1, Entries.Range(0, 1), false);

        wire.Cut();
        Assert.InRange(await FailingAppendAsync(log), TimeSpan.Zero, Patience + Slack);
        Assert.InRange(await FailingAppendAsync(log), TimeSpan.Zero, Patience / 4);

        wire.Mend();
        await RecoveredAsync(() => log.AppendAsync(_id, 1, Entries.Range(0, 1), false));

        heard = new TaskCompletionSource();
        var next = 1;
        await Eventually.IsTrueAsync(async () =>
        {
            await writer.AppendAsync(_id, 1, Entries.Range(next++, 1), false);
            await Task.Delay(10);
            return heard.Task.IsCompleted;
        });
    }

    [Fact]
    public async Task An_end_is_noticed_although_nobody_calls()
    {
        await using var redis = await ConnectAsync(_server.Address);

        _server.Stop();
        await Eventually.IsTrueAsync(() => !redis.IsAvailable, seconds: 5);
        _server.Continue();
        await Eventually.IsTrueAsync(() => redis.IsAvailable, seconds: 5);
    }

    [Fact]
    public async Task Nobody_is_served_after_disposal()
    {
        var redis = await ConnectAsync(_server.Address);
        await redis.DisposeAsync();
        await redis.DisposeAsync();

        Assert.False(redis.IsAvailable);
        await FailingAppendAsync(new RedisStreamLog(redis, TimeSpan.FromHours(1)));
    }

    [Fact]
    public async Task A_Redis_that_comes_late_is_found()
    {
        _server.Kill();
        await using var redis = new RedisConnection(_server.Address, Patience);
        var log = new RedisStreamLog(redis, TimeSpan.FromHours(1));
        Assert.InRange(await FailingAppendAsync(log), TimeSpan.Zero, Patience + Slack);

        await _server.StartAsync();
        Assert.Equal(new AppendResult(AppendOutcome.Appended, 1), await RecoveredAsync(() => log.AppendAsync(_id, 1, Entries.Range(0, 1), false)));
    }

    [Fact]
    public async Task All_calls_to_a_silent_Redis_are_released_together_long_before_patience_ends()
    {
        var patience = TimeSpan.FromMinutes(1);
        await using var redis = new RedisConnection(_server.Address, patience, silence: TimeSpan.FromMilliseconds(40));
        await Eventually.IsTrueAsync(() => redis.IsAvailable);
        var log = new RedisStreamLog(redis, TimeSpan.FromHours(1));
        await log.AppendAsync(_id, 1, Entries.Range(0, 1), false);

        _server.Stop();
        var watch = Stopwatch.StartNew();
        var calls = Enumerable.Range(0, 500).Select(_ => Task.Run(() => FailingAppendAsync(log))).ToList();
        await Task.WhenAll(calls);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, patience / 4);
        Assert.False(redis.IsAvailable);

        _server.Continue();
        Assert.Equal(LogState.Open, (await RecoveredAsync(() => log.ReadAsync(_id, -1, 10))).State);
    }

    [Fact]
    public async Task A_Redis_without_memory_refuses_and_is_still_there()
    {
        await using var redis = await ConnectAsync(_server.Address);
        var log = new RedisStreamLog(redis, TimeSpan.FromHours(1));
        await log.AppendAsync(_id, 1, Entries.Range(0, 1), false);
        await redis.RunAsync(database => database.ExecuteAsync("CONFIG", "SET", "maxmemory", "1"));

        await FailingAppendAsync(log);
        Assert.True(redis.IsAvailable);
        Assert.Equal(LogState.Open, (await log.ReadAsync(_id, -1, 10)).State);
    }

    [Fact]
    public async Task No_exception_goes_unobserved()
    {
        var unobserved = new List<Exception>();
        void Note(object? sender, UnobservedTaskExceptionEventArgs e)
        {
            lock (unobserved) unobserved.Add(e.Exception);
        }

        TaskScheduler.UnobservedTaskException += Note;
        try
        {
            await FailAndRecoverAsync();
            for (var i = 0; i < 5; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                await Task.Delay(20);
            }
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Note;
        }

        Assert.DoesNotContain(unobserved, e => e.ToString().Contains("Redis", StringComparison.Ordinal));
    }

    private async Task FailAndRecoverAsync()
    {
        await using var redis = await ConnectAsync(_server.Address);
        var log = new RedisStreamLog(redis, TimeSpan.FromHours(1));
        using var watch = log.Watch(_id, () => { });
        await log.AppendAsync(_id, 1, Entries.Range(0, 1), false);
        _server.Stop();
        var calls = Enumerable.Range(0, 50).Select(_ => log.ReadAsync(_id, -1, 10).AsTask()).ToList();
        foreach (var call in calls) await Assert.ThrowsAsync<StoreUnavailableException>(() => call);
        _server.Kill();
        await FailingAppendAsync(log);
        await _server.StartAsync();
        await RecoveredAsync(() => log.ReadAsync(_id, -1, 10));
    }

    private static async Task<RedisConnection> ConnectAsync(string address)
    {
        var redis = new RedisConnection(address, Patience);
        await Eventually.IsTrueAsync(() => redis.IsAvailable);
        return redis;
    }

    private async Task<TimeSpan> FailingAppendAsync(RedisStreamLog log)
    {
        var watch = Stopwatch.StartNew();
        var error = await Assert.ThrowsAsync<StoreUnavailableException>(() => log.AppendAsync(_id, 1, Entries.Range(0, 1), false).AsTask());
        Assert.Equal("redis", error.Store);
        return watch.Elapsed;
    }

    private static async Task<T> RecoveredAsync<T>(Func<ValueTask<T>> call)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return await call();
            }
            catch (StoreUnavailableException) when (watch.Elapsed < TimeSpan.FromSeconds(5))
            {
                await Task.Delay(10);
            }
        }
    }
}
