using System.Collections.Concurrent;
using Mka1.Edge.Stores.Streams;
using Mka1.Edge.Stores.Tests.Support;

namespace Mka1.Edge.Stores.Tests.Streams;

/// <summary>What every stream log promises.</summary>
public abstract class StreamLogBehaviour
{
    /// <summary>The log as one replica sees it.</summary>
    protected abstract IStreamLog Log { get; }

    /// <summary>The same log as another replica sees it.</summary>
    protected abstract IStreamLog Elsewhere { get; }

    /// <summary>A log that forgets after this time.</summary>
    protected abstract IStreamLog ShortLived(TimeSpan timeToLive);

    private readonly string _id = Entries.NewId();

    [Fact]
    public async Task Events_come_back_in_order_and_byte_for_byte()
    {
        Assert.Equal(new AppendResult(AppendOutcome.Appended, 3), await Log.AppendAsync(_id, 1, Entries.Range(0, 3), false));
        Assert.Equal(new AppendResult(AppendOutcome.Appended, 10), await Log.AppendAsync(_id, 1, Entries.Range(3, 7), false));

        var slice = await Elsewhere.ReadAsync(_id, -1, 100);

        Assert.Equal((LogState.Open, 10), (slice.State, slice.Next));
        Entries.AssertAre(slice.Entries, 0, 10);
    }

    [Fact]
    public async Task A_log_nobody_wrote_is_missing()
    {
        var slice = await Log.ReadAsync(_id, -1, 10);

        Assert.Equal((LogState.Missing, 0, 0), (slice.State, slice.Next, slice.Entries.Count));
    }

    [Fact]
    public async Task Repeats_change_nothing()
    {
        await Log.AppendAsync(_id, 1, Entries.Range(0, 5), false);

        Assert.Equal(new AppendResult(AppendOutcome.Appended, 5), await Log.AppendAsync(_id, 1, Entries.Range(0, 5, "other"), false));
        Assert.Equal(new AppendResult(AppendOutcome.Appended, 8), await Log.AppendAsync(_id, 1, Entries.Range(3, 5), false));

        Entries.AssertAre((await Log.ReadAsync(_id, -1, 100)).Entries, 0, 8);
    }

    [Fact]
    public async Task Events_beyond_the_next_are_a_gap_that_names_the_next()
    {
        Assert.Equal(new AppendResult(AppendOutcome.Gap, 0), await Log.AppendAsync(_id, 1, Entries.Range(4, 2), false));
        await Log.AppendAsync(_id, 1, Entries.Range(0, 3), false);

        Assert.Equal(new AppendResult(AppendOutcome.Gap, 3), await Log.AppendAsync(_id, 1, Entries.Range(4, 2), true));

        var slice = await Log.ReadAsync(_id, -1, 100);
        Assert.Equal((LogState.Open, 3, 3), (slice.State, slice.Next, slice.Entries.Count));
    }

    [Fact]
    public async Task A_higher_fence_takes_over_and_the_lower_one_is_refused()
    {
        await Log.AppendAsync(_id, 1, Entries.Range(0, 3), false);
        Assert.Equal(new AppendResult(AppendOutcome.Appended, 4), await Elsewhere.AppendAsync(_id, 2, Entries.Range(3, 1), false));

        Assert.Equal(new AppendResult(AppendOutcome.Fenced, 4), await Log.AppendAsync(_id, 1, Entries.Range(4, 2, "late"), true));

        var slice = await Log.ReadAsync(_id, -1, 100);
        Assert.Equal(LogState.Open, slice.State);
        Entries.AssertAre(slice.Entries, 0, 4);
    }

    [Fact]
    public async Task Nothing_follows_the_last_event_but_its_repeat()
    {
        await Log.AppendAsync(_id, 3, Entries.Range(0, 2), false);
        Assert.Equal(new AppendResult(AppendOutcome.Appended, 4), await Log.AppendAsync(_id, 3, Entries.Range(2, 2), true));

        Assert.Equal(new AppendResult(AppendOutcome.Appended, 4), await Log.AppendAsync(_id, 3, Entries.Range(2, 2), true));
        Assert.Equal(new AppendResult(AppendOutcome.Fenced, 4), await Log.AppendAsync(_id, 3, Entries.Range(4, 1), true));
        Assert.Equal(new AppendResult(AppendOutcome.Fenced, 4), await Log.AppendAsync(_id, 4, Entries.Range(3, 2), true));

        var slice = await Elsewhere.ReadAsync(_id, 1, 100);
        Assert.Equal((LogState.Ended, 4), (slice.State, slice.Next));
        Entries.AssertAre(slice.Entries, 2, 2);
    }

    [Theory]
    [InlineData(long.MinValue, 100, 0, 10)]
    [InlineData(-7, 4, 0, 4)]
    [InlineData(-1, 1, 0, 1)]
    [InlineData(0, 100, 1, 9)]
    [InlineData(4, 3, 5, 3)]
    [InlineData(8, 100, 9, 1)]
    [InlineData(9, 100, 10, 0)]
    [InlineData(10, 100, 11, 0)]
    [InlineData(long.MaxValue, int.MaxValue, 0, 0)]
    [InlineData(3, 0, 0, 0)]
    public async Task Any_position_can_be_asked_for(long after, int max, long first, int count)
    {
        await Log.AppendAsync(_id, 1, Entries.Range(0, 10), true);

        var slice = await Log.ReadAsync(_id, after, max);

        Assert.Equal((LogState.Ended, 10), (slice.State, slice.Next));
        Entries.AssertAre(slice.Entries, first, count);
    }

    [Fact]
    public async Task Names_and_data_are_any_bytes()
    {
        byte[] all = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        var buffer = all.ToArray();
        var padded = new byte[1000];
        all.CopyTo(padded, 100);
        await Log.AppendAsync(_id, 1, [new StreamEntry(0, buffer, padded.AsMemory(100, 256)), new StreamEntry(1, ReadOnlyMemory<byte>.Empty, ReadOnlyMemory<byte>.Empty)], false);
        Array.Clear(buffer);
        Array.Clear(padded);

        var entries = (await Elsewhere.ReadAsync(_id, -1, 10)).Entries;

        Assert.Equal(all, entries[0].Name.ToArray());
        Assert.Equal(all, entries[0].Data.ToArray());
        Assert.Equal((0, 0), (entries[1].Name.Length, entries[1].Data.Length));
    }

    [Fact]
    public async Task A_deleted_log_is_missing_and_can_begin_anew()
    {
        await Log.AppendAsync(_id, 5, Entries.Range(0, 3), true);
        await Elsewhere.DeleteAsync(_id);
        await Elsewhere.DeleteAsync(_id);

        Assert.Equal(LogState.Missing, (await Log.ReadAsync(_id, -1, 10)).State);
        Assert.Equal(new AppendResult(AppendOutcome.Appended, 2), await Log.AppendAsync(_id, 1, Entries.Range(0, 2), false));
        Entries.AssertAre((await Log.ReadAsync(_id, -1, 10)).Entries, 0, 2);
    }

    [Fact]
    public async Task A_log_that_is_written_to_is_kept_and_one_left_alone_expires()
    {
        var log = ShortLived(TimeSpan.FromSeconds(3));
        var abandoned = Entries.NewId();
        await log.AppendAsync(abandoned, 1, Entries.Range(0, 1), true);
        var next = 0;
        await Eventually.IsTrueAsync(async () =>
        {
            Assert.Equal(AppendOutcome.Appended, (await log.AppendAsync(_id, 1, Entries.Range(next++, 1), false)).Outcome);
            return (await log.ReadAsync(abandoned, -1, 10)).State == LogState.Missing;
        });

        Assert.Equal(next, (await log.ReadAsync(_id, -1, 10)).Next);
        await Eventually.IsTrueAsync(async () => (await log.ReadAsync(_id, -1, 10)).State == LogState.Missing);
        Assert.Equal(new AppendResult(AppendOutcome.Gap, 0), await log.AppendAsync(_id, 1, Entries.Range(next, 1), false));
    }

    [Fact]
    public async Task Every_watcher_hears_of_appends_wherever_they_are_made()
    {
        var heard = new ConcurrentDictionary<string, int>();
        using var first = Log.Watch(_id, () => heard.AddOrUpdate("first", 1, (_, n) => n + 1));
        var second = Log.Watch(_id, () => heard.AddOrUpdate("second", 1, (_, n) => n + 1));
        using var foreign = Elsewhere.Watch(_id, () => heard.AddOrUpdate("foreign", 1, (_, n) => n + 1));
        using var other = Log.Watch(Entries.NewId(), () => heard.AddOrUpdate("other", 1, (_, n) => n + 1));
        var next = 0;
        await AppendUntilAsync(() => heard.ContainsKey("first") && heard.ContainsKey("second") && heard.ContainsKey("foreign"), Elsewhere);

        second.Dispose();
        second.Dispose();
        heard.Clear();
        await AppendUntilAsync(() => heard.ContainsKey("first") && heard.ContainsKey("foreign"), Log);

        // What was on its way when the second stopped listening may still have arrived; what was sent since does not.
        heard.Clear();
        await AppendUntilAsync(() => heard.ContainsKey("first") && heard.ContainsKey("foreign"), Log);
        Assert.DoesNotContain("second", heard.Keys);
        Assert.DoesNotContain("other", heard.Keys);

        // A subscription takes a moment to reach the store, so that a single append could come too early.
        Task AppendUntilAsync(Func<bool> condition, IStreamLog writer) => Eventually.IsTrueAsync(async () =>
        {
            await writer.AppendAsync(_id, 1, Entries.Range(next++, 1), false);
            await Task.Delay(5);
            return condition();
        });
    }

    [Fact]
    public async Task Readers_see_a_prefix_at_every_moment_while_two_replicas_append()
    {
        const int Total = 400;
        var writers = new[] { Log, Elsewhere }.Select(log => Task.Run(async () =>
        {
            // Both know the whole stream and append it in their own portions.
            for (var next = 0; next < Total;)
            {
                var count = Random.Shared.Next(1, Math.Min(9, Total - next + 1));
                var result = await log.AppendAsync(_id, 1, Entries.Range(next, count), next + count == Total);
                Assert.Equal(AppendOutcome.Appended, result.Outcome);
                next = (int)Math.Max(next + count, result.Next);
            }
        })).ToList();
        var readers = Enumerable.Range(0, 4).Select(i => Task.Run(async () =>
        {
            var log = i % 2 == 0 ? Log : Elsewhere;
            for (var after = -1L; ;)
            {
                var slice = await log.ReadAsync(_id, after, 17);
                Entries.AssertAre(slice.Entries, after + 1, slice.Entries.Count);
                after += slice.Entries.Count;
                if (slice.State == LogState.Ended && slice.Next == after + 1) return after;
            }
        })).ToList();

        await Task.WhenAll(writers).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.All(await Task.WhenAll(readers).WaitAsync(TimeSpan.FromSeconds(60)), last => Assert.Equal(Total - 1, last));
    }

    [Fact]
    public async Task Two_hundred_logs_do_not_mix()
    {
        var ids = Enumerable.Range(0, 200).Select(_ => Entries.NewId()).ToList();
        for (var round = 0; round < 5; round++)
        {
            var first = round * 2;
            await Task.WhenAll(ids.Select((id, i) => (i % 2 == 0 ? Log : Elsewhere).AppendAsync(id, 1, Entries.Range(first, 2, id), round == 4).AsTask()));
        }

        foreach (var id in ids)
        {
            var slice = await Elsewhere.ReadAsync(id, -1, 100);
            Assert.Equal((LogState.Ended, 10), (slice.State, slice.Next));
            Entries.AssertAre(slice.Entries, 0, 10, id);
        }
    }
}
