using System.Collections.Concurrent;
using Mka1.Edge.Resilience.Tests.Support;
using Xunit.Abstractions;

namespace Mka1.Edge.Resilience.Tests;

/// <summary>A stream that is cut anywhere goes on at the other replica as if nothing had happened.</summary>
public sealed class ResumeTests(Cluster cluster, ITestOutputHelper output) : ClusterTest(cluster, output)
{
    private const int Streams = 1000;
    private const int AtOnce = 40;

    [Fact]
    public Task A_thousand_streams_cut_at_random_and_resumed_at_the_other_replica_lose_repeat_and_change_nothing() => RunAsync(async () =>
    {
        var faults = new ConcurrentBag<string>();
        var (events, connections) = (0, 0);
        await Parallel.ForEachAsync(Enumerable.Range(0, Streams), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, _) =>
        {
            var random = new Random(number);
            var request = PacedRequest.New(deltas: random.Next(5, 25), delayMs: random.Next(1, 6));
            var (id, received, parts) = await ReadInPartsAsync(request, random, number % 2);
            var reference = await Cluster[random.Next(2)].ReplayAsync(id);
            var kept = await Cluster[random.Next(2)].GetAsync(id);

            var verdict = StreamVerdict.Of(received, reference, request.Text);
            if (verdict != StreamVerdict.Good || reference.Count != request.Events) faults.Add($"{id}: {verdict}, {reference.Count} of {request.Events} events");
            if (kept.Body != reference[^1].Response) faults.Add($"{id}: GET says {kept.Body}, the stream says {reference[^1].Response}");
            if (Cluster.Model.CallsOf(request.Seed).Count != 1) faults.Add($"{id}: made {Cluster.Model.CallsOf(request.Seed).Count} times");
            Interlocked.Add(ref events, received.Count);
            Interlocked.Add(ref connections, parts);
        });

        Report($"resume: {Streams} streams, {connections - Streams} cuts, {events} events; faults {faults.Count}");
        Assert.Empty(faults);
    });

    [Fact]
    public Task Many_readers_of_one_running_stream_at_both_replicas_get_the_same_bytes() => RunAsync(async () =>
    {
        var request = PacedRequest.New(deltas: 150, delayMs: 5);
        using var creator = await Cluster.A.StreamAsync(request.Body(stream: true));
        var first = (await creator.ReadAsync(Patience.Within(Patience.Long)))!;
        var id = new Answer(default, null, first.Response).Id;

        var readers = Enumerable.Range(0, 20).Select(async number =>
        {
            var after = number - 1;
            using var stream = await Cluster[number % 2].ResumeAsync(id, after);
            var events = new List<ReceivedEvent>();
            await stream.ReadToEndAsync(events, Patience.Within(Patience.Long));
            return (after, events);
        }).ToList();
        List<ReceivedEvent> received = [first];
        await creator.ReadToEndAsync(received, Patience.Within(Patience.Long));

        Assert.Equal(StreamVerdict.Good, StreamVerdict.Of(received, await Cluster.B.ReplayAsync(id), request.Text));
        foreach (var (after, events) in await Task.WhenAll(readers)) Assert.Equal(received.Where(e => e.Sequence > after), events);
    });

    [Fact]
    public Task A_stream_goes_on_for_as_long_as_somebody_reads_it_at_any_replica_and_no_longer() => RunAsync(async () =>
    {
        var read = PacedRequest.New(deltas: 160, delayMs: 50);
        var left = PacedRequest.New(deltas: 160, delayMs: 50);
        var (id, received) = await BeginAsync(read);
        var (leftId, _) = await BeginAsync(left);

        // Longer than the grace time, at the replica that does not make it.
        using (var resumed = await Cluster.B.ResumeAsync(id, received[^1].Sequence)) await resumed.ReadToEndAsync(received, Patience.Within(Patience.Long));

        Assert.Equal(StreamVerdict.Good, StreamVerdict.Of(received, await Cluster.A.ReplayAsync(id), read.Text));
        Assert.Equal("incomplete", (await Cluster.B.GetAsync(leftId)).ResponseStatus);

        async Task<(string Id, List<ReceivedEvent> Received)> BeginAsync(PacedRequest request)
        {
            using var stream = await Cluster.A.StreamAsync(request.Body(stream: true));
            var first = (await stream.ReadAsync(Patience.Within(Patience.Long)))!;
            return (new Answer(default, null, first.Response).Id, [first]);
        }
    });

    /// <summary>Reads a stream with one or two cuts, the next part always at the other replica; one in ten is cut at its first event.</summary>
    private async Task<(string Id, List<ReceivedEvent> Received, int Parts)> ReadInPartsAsync(PacedRequest request, Random random, int replica)
    {
        var received = new List<ReceivedEvent>();
        var cut = random.Next(10) == 0 ? 1 : random.Next(1, request.Events);
        using (var first = await Cluster[replica].StreamAsync(request.Body(stream: true))) await ReadAsync(first, cut);
        var id = new Answer(default, null, received[0].Response).Id;
        for (var parts = 2; ; parts++)
        {
            replica = 1 - replica;
            using var next = await Cluster[replica].ResumeAsync(id, received[^1].Sequence);
            if (parts == 2 && random.Next(3) == 0 && received.Count < request.Events - 1)
            {
                await ReadAsync(next, random.Next(1, request.Events - received.Count));
                continue;
            }

            await next.ReadToEndAsync(received, Patience.Within(Patience.Long));
            return (id, received, parts);
        }

        async Task ReadAsync(EventStream stream, int count)
        {
            for (; count > 0; count--) received.Add(await stream.ReadAsync(Patience.Within(Patience.Long)) ?? throw new InvalidOperationException("The stream ended too early."));
        }
    }
}
