using System.Collections.Concurrent;
using Mka1.Edge.Stores.Redis;
using Mka1.Edge.Stores.Streams;
using Mka1.Edge.Stores.Tests.Support;

namespace Mka1.Edge.Stores.Tests.Streams;

public sealed class RunSignalsTests(RedisFixture redis) : IClassFixture<RedisFixture>
{
    [Fact]
    public async Task In_one_process_everybody_who_listens_hears_a_cancel_once()
    {
        var signals = new MemoryRunSignals();
        var heard = new List<string>();
        using var first = signals.OnCancel(heard.Add);
        using (signals.OnCancel(heard.Add)) await signals.CancelAsync("resp_1");
        await signals.CancelAsync("resp_2");

        Assert.Equal(["resp_1", "resp_1", "resp_2"], heard);
    }

    [Fact]
    public async Task Every_replica_hears_a_cancel_the_sender_included()
    {
        using var here = new RedisRunSignals(redis.Here);
        using var elsewhere = new RedisRunSignals(redis.Elsewhere);
        var heard = new ConcurrentDictionary<(string, string), bool>();
        using var one = here.OnCancel(id => heard[("here", id)] = true);
        using var two = elsewhere.OnCancel(id => heard[("elsewhere", id)] = true);
        var cancelled = Entries.NewId();

        await Eventually.IsTrueAsync(async () =>
        {
            await here.CancelAsync(cancelled);
            await Task.Delay(5);
            return heard.ContainsKey(("here", cancelled)) && heard.ContainsKey(("elsewhere", cancelled));
        });
    }

    [Fact]
    public async Task Every_replica_hears_that_a_stream_is_read_and_takes_it_for_nothing_else()
    {
        using var here = new RedisRunSignals(redis.Here);
        using var elsewhere = new RedisRunSignals(redis.Elsewhere);
        var heard = new ConcurrentDictionary<string, bool>();
        var cancelled = new ConcurrentBag<string>();
        using var attendances = elsewhere.OnAttend(id => heard[id] = true);
        using var cancels = elsewhere.OnCancel(cancelled.Add);
        var read = Entries.NewId();

        await Eventually.IsTrueAsync(async () =>
        {
            await here.AttendAsync(read);
            await Task.Delay(5);
            return heard.ContainsKey(read);
        });

        Assert.DoesNotContain(read, cancelled);
    }

    [Fact]
    public async Task Without_Redis_a_cancel_is_heard_in_the_same_process()
    {
        await using var nothing = new RedisConnection("127.0.0.1:1", TimeSpan.FromMilliseconds(200));
        using var signals = new RedisRunSignals(nothing);
        var heard = new List<string>();
        using var registration = signals.OnCancel(heard.Add);

        await signals.CancelAsync("resp_1");

        Assert.Equal(["resp_1"], heard);
    }
}
