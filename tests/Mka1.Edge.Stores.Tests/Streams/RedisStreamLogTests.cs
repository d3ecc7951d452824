using Mka1.Edge.Stores.Streams;
using Mka1.Edge.Stores.Tests.Support;

namespace Mka1.Edge.Stores.Tests.Streams;

public sealed class RedisStreamLogTests(RedisFixture redis) : StreamLogBehaviour, IClassFixture<RedisFixture>
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    protected override IStreamLog Log { get; } = new RedisStreamLog(redis.Here, Hour);

    protected override IStreamLog Elsewhere { get; } = new RedisStreamLog(redis.Elsewhere, Hour);

    protected override IStreamLog ShortLived(TimeSpan timeToLive) => new RedisStreamLog(redis.Here, timeToLive);

    [Fact]
    public async Task Scripts_are_sent_again_after_they_were_flushed()
    {
        var id = Entries.NewId();
        await Log.AppendAsync(id, 1, Entries.Range(0, 1), false);
        await redis.Elsewhere.RunAsync(database => database.ExecuteAsync("SCRIPT", "FLUSH"));

        Assert.Equal(new AppendResult(AppendOutcome.Appended, 2), await Log.AppendAsync(id, 1, Entries.Range(1, 1), false));
        await redis.Elsewhere.RunAsync(database => database.ExecuteAsync("SCRIPT", "FLUSH"));
        Assert.Equal(2, (await Log.ReadAsync(id, -1, 10)).Entries.Count);
    }

    [Theory]
    [InlineData("DEL", "mka1:log:{%}")]
    [InlineData("DEL", "mka1:log:{%}:meta")]
    public async Task A_log_of_which_Redis_dropped_a_part_is_lost_whole_and_can_be_written_anew(string command, string key)
    {
        var id = Entries.NewId();
        await Log.AppendAsync(id, 1, Entries.Range(0, 5), false);
        await redis.Here.RunAsync(database => database.ExecuteAsync(command, key.Replace("%", id, StringComparison.Ordinal)));

        Assert.Equal(LogState.Missing, (await Log.ReadAsync(id, -1, 10)).State);
        Assert.Equal(LogState.Missing, (await Log.ReadAsync(id, 4, 10)).State);
        Assert.Equal(new AppendResult(AppendOutcome.Gap, 0), await Log.AppendAsync(id, 1, Entries.Range(5, 1), false));
        Assert.Equal(new AppendResult(AppendOutcome.Appended, 6), await Log.AppendAsync(id, 1, Entries.Range(0, 6), true));
        Entries.AssertAre((await Log.ReadAsync(id, -1, 10)).Entries, 0, 6);
    }

    [Fact]
    public async Task A_stream_that_lost_its_front_is_missing_to_who_asks_for_that()
    {
        var id = Entries.NewId();
        await Log.AppendAsync(id, 1, Entries.Range(0, 5), false);
        await redis.Here.RunAsync(database => database.ExecuteAsync("XDEL", $"mka1:log:{{{id}}}", "1-0", "1-1"));

        Assert.Equal(LogState.Missing, (await Log.ReadAsync(id, -1, 10)).State);
        Assert.Equal(LogState.Missing, (await Log.ReadAsync(id, 0, 1)).State);
        Entries.AssertAre((await Log.ReadAsync(id, 1, 10)).Entries, 2, 3);
    }

    [Fact]
    public async Task A_caller_that_takes_its_time_afterwards_holds_up_nobody()
    {
        using var release = new ManualResetEventSlim();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var slow = Task.Run(async () =>
        {
            await Log.ReadAsync(Entries.NewId(), -1, 1);
            reached.SetResult();
            release.Wait();
        });
        await reached.Task;
        try
        {
            for (var i = 0; i < 20; i++) await Log.ReadAsync(Entries.NewId(), -1, 1).AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        }
        finally
        {
            release.Set();
            await slow;
        }
    }
}
