using System.Diagnostics;
using Mka1.Edge.Resilience.Tests.Support;
using Xunit.Abstractions;

namespace Mka1.Edge.Resilience.Tests;

/// <summary>Redis goes away under load: streams go on, old and new; only resuming at another replica waits until it is back.</summary>
public sealed class RedisFaultTests(Cluster cluster, ITestOutputHelper output) : ClusterTest(cluster, output)
{
    private const int Streams = 20;

    private static readonly TimeSpan Away = TimeSpan.FromSeconds(3);

    [Theory]
    [InlineData(Fault.Restarted)]
    [InlineData(Fault.Stopped)]
    [InlineData(Fault.Down)]
    public Task No_stream_breaks_and_none_hangs(Fault fault) => RunAsync(async () =>
    {
        var running = Begin(PacedRequest.New(deltas: 300, delayMs: 15));
        await Task.WhenAll(running.Select(stream => stream.Begun));

        var late = new List<Stream>();
        await Cluster.BreakRedisAsync(fault, async () =>
        {
            if (fault == Fault.Restarted) return;
            var clock = Stopwatch.StartNew();
            late = Begin(PacedRequest.New(deltas: 30, delayMs: 10));
            await Task.WhenAll(late.Select(stream => stream.Done));
            foreach (var replica in new[] { Cluster.A, Cluster.B })
                await Patience.UntilAsync(async () => await replica.ReadinessAsync() == """{"status":"degraded","away":["redis"]}""", "Redis is named as away", Patience.Hang);
            if (clock.Elapsed < Away) await Task.Delay(Away - clock.Elapsed);
        });

        var recovery = await RecoveryAsync();
        var all = running.Concat(late).ToList();
        await Task.WhenAll(all.Select(stream => stream.Done));
        await Task.WhenAll(all.Select(CheckAsync));

        var longest = all.Max(stream => stream.Gap);
        Report($"Redis {fault}: {all.Count} streams whole, {late.Count} of them begun meanwhile; longest silence {longest.TotalSeconds:F2} s; resumes work again after {recovery.TotalSeconds:F2} s");
        Assert.True(longest < Patience.Hang, $"A client heard nothing for {longest}.");
        Assert.True(recovery < Patience.Hang, $"{recovery}");
    });

    private List<Stream> Begin(PacedRequest like) =>
        [.. Enumerable.Range(0, Streams).Select(i => new Stream(Cluster[i % 2], PacedRequest.New(like.Deltas, like.DelayMs)))];

    /// <summary>Whatever is left of its log, the client had the whole stream, and who comes later has its end.</summary>
    private async Task CheckAsync(Stream stream)
    {
        var events = await stream.Done;
        Assert.Equal(StreamVerdict.Good, StreamVerdict.Of(events, events, stream.Request.Text));
        Assert.Equal(stream.Request.Events, events.Count);
        var id = new Answer(default, null, events[0].Response).Id;
        foreach (var replica in new[] { Cluster.A, Cluster.B })
        {
            using var resumed = await replica.ResumeAsync(id, events[^3].Sequence);
            var rest = new List<ReceivedEvent>();
            await resumed.ReadToEndAsync(rest, Patience.Within(Patience.Long));
            Assert.Equal(events[^1], rest[^1]);
            Assert.Empty(rest.Except(events.TakeLast(2)));
            Assert.Equal(events[^1].Response, (await replica.GetAsync(id)).Body);
        }
    }

    /// <summary>Waits until a stream cut at one replica can be read on at the other, event by event.</summary>
    private async Task<TimeSpan> RecoveryAsync() => await Patience.UntilAsync(
        async () =>
        {
            var request = PacedRequest.New(deltas: 10, delayMs: 1);
            using var cut = await Cluster.A.StreamAsync(request.Body(stream: true));
            var first = (await cut.ReadAsync(Patience.Within(Patience.Long)))!;
            using var resumed = await Cluster.B.ResumeAsync(new Answer(default, null, first.Response).Id, 0);
            List<ReceivedEvent> events = [first];
            await resumed.ReadToEndAsync(events, Patience.Within(Patience.Long));
            return events.Count == request.Events && await Cluster.A.ReadinessAsync() == Cluster.Ready && await Cluster.B.ReadinessAsync() == Cluster.Ready;
        },
        "resumes work again");

    /// <summary>A stream that is read from its first event to its end.</summary>
    private sealed class Stream
    {
        private readonly TaskCompletionSource _begun = new();

        public Stream(GatewayProcess replica, PacedRequest request)
        {
            Request = request;
            Done = ReadAsync(replica);
        }

        public PacedRequest Request { get; }

        public Task Begun => _begun.Task;

        public Task<List<ReceivedEvent>> Done { get; }

        /// <summary>The longest that its client heard nothing.</summary>
        public TimeSpan Gap { get; private set; }

        private async Task<List<ReceivedEvent>> ReadAsync(GatewayProcess replica)
        {
            var clock = Stopwatch.StartNew();
            using var stream = await replica.StreamAsync(Request.Body(stream: true));
            var events = new List<ReceivedEvent>();
            while (await stream.ReadAsync(Patience.Within(Patience.Long)) is { } next)
            {
                events.Add(next);
                if (clock.Elapsed > Gap) Gap = clock.Elapsed;
                clock.Restart();
                if (events.Count == 20) _begun.TrySetResult();
            }

            return events;
        }
    }
}
