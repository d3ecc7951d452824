using Mka1.Edge.Stores.Streams;

namespace Mka1.Edge.Stores.Tests.Streams;

public sealed class MemoryStreamLogTests : StreamLogBehaviour
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    protected override IStreamLog Log { get; } = new MemoryStreamLog(Day, TimeProvider.System);

    protected override IStreamLog Elsewhere => Log;

    protected override IStreamLog ShortLived(TimeSpan timeToLive) => new MemoryStreamLog(timeToLive, TimeProvider.System);

    [Fact]
    public async Task Without_space_ended_logs_go_first_and_then_the_stillest()
    {
        var log = new MemoryStreamLog(Day, TimeProvider.System, capacity: 10_000);
        var entry = new StreamEntry(0, ReadOnlyMemory<byte>.Empty, new byte[3_000]);
        await log.AppendAsync("still", 1, [entry], false);
        await log.AppendAsync("busy", 1, [entry], false);
        await log.AppendAsync("ended", 1, [entry], true);

        await log.AppendAsync("busy", 1, [entry with { Sequence = 1 }], false);
        Assert.Equal([LogState.Open, LogState.Open, LogState.Missing], await StatesAsync());

        await log.AppendAsync("busy", 1, [entry with { Sequence = 2 }], false);
        Assert.Equal([LogState.Missing, LogState.Open, LogState.Missing], await StatesAsync());
        Assert.Equal(new AppendResult(AppendOutcome.Gap, 0), await log.AppendAsync("still", 1, [entry with { Sequence = 1 }], false));

        async Task<LogState[]> StatesAsync() => await Task.WhenAll(new[] { "still", "busy", "ended" }.Select(async id => (await log.ReadAsync(id, -1, 1)).State));
    }

    [Fact]
    public async Task Space_is_given_back_when_a_log_is_deleted()
    {
        var log = new MemoryStreamLog(Day, TimeProvider.System, capacity: 10_000);
        var entry = new StreamEntry(0, ReadOnlyMemory<byte>.Empty, new byte[4_000]);
        await log.AppendAsync("kept", 1, [entry], true);
        for (var i = 0; i < 10; i++)
        {
            await log.AppendAsync($"passing_{i}", 1, [entry], false);
            await log.DeleteAsync($"passing_{i}");
        }

        Assert.Equal(LogState.Ended, (await log.ReadAsync("kept", -1, 1)).State);
    }
}
