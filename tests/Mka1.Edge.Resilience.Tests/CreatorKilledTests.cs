using System.Diagnostics;
using Mka1.Edge.Resilience.Tests.Support;
using Xunit.Abstractions;

namespace Mka1.Edge.Resilience.Tests;

/// <summary>The replica that makes streams is killed: whoever reads them at another is told so, soon, and once.</summary>
public sealed class CreatorKilledTests(Cluster cluster, ITestOutputHelper output) : ClusterTest(cluster, output)
{
    private const int Streams = 20;
    private const string Interrupted = "run_interrupted";

    [Fact]
    public Task Streams_of_a_killed_replica_end_honestly_at_the_other_and_have_no_second_text() => RunAsync(async () =>
    {
        var requests = Enumerable.Range(0, Streams).Select(_ => PacedRequest.New(deltas: 2000, delayMs: 10)).ToList();
        var creators = await Task.WhenAll(requests.Select(request => Cluster.A.StreamAsync(request.Body(stream: true))));
        var begun = await Task.WhenAll(creators.Select(async creator => (await creator.ReadAsync(Patience.Within(Patience.Long)))!));
        string[] ids = [.. begun.Select(first => new Answer(default, null, first.Response).Id)];

        var reading = ids.Select(_ => new TaskCompletionSource()).ToArray();
        var readers = ids.Select((id, i) => ReadAsync(id, reading[i])).ToList();
        await Task.WhenAll(reading.Select(source => source.Task));
        foreach (var creator in creators) creator.Dispose();

        var clock = Stopwatch.StartNew();
        await Cluster.A.KillAsync();
        var ended = await Task.WhenAll(readers.Select(async reader => (Events: await reader, After: clock.Elapsed)));

        Report($"killed creator: {Streams} streams, the last terminal event {ended.Max(end => end.After).TotalSeconds:F2} s after the kill");
        Assert.True(ended.Max(end => end.After) < Patience.Hang, $"{ended.Max(end => end.After)}");
        var late = await Cluster.B.CreateAsync(PacedRequest.New(deltas: 2, delayMs: 1).Body());
        Assert.Equal("completed", late.ResponseStatus);

        await Cluster.HealAsync();
        for (var i = 0; i < Streams; i++) await CheckAsync(requests[i], ids[i], ended[i].Events);
    });

    private async Task<List<ReceivedEvent>> ReadAsync(string id, TaskCompletionSource reading)
    {
        var events = new List<ReceivedEvent>();
        using var stream = await Cluster.B.ResumeAsync(id, -1);
        while (await stream.ReadAsync(Patience.Within(Patience.Long)) is { } next)
        {
            events.Add(next);
            if (events.Count == 30) reading.SetResult();
        }

        Assert.True(stream.Done);
        return events;
    }

    private async Task CheckAsync(PacedRequest request, string id, List<ReceivedEvent> events)
    {
        Assert.Equal("response.failed", events[^1].Name);
        Assert.Equal(Interrupted, new Answer(default, null, events[^1].Response).ErrorCode);
        Assert.StartsWith(string.Concat(events.Select(e => e.Delta)), PacedText.Whole(request.Seed, 1, request.Deltas), StringComparison.Ordinal);
        Assert.Single(Cluster.Model.CallsOf(request.Seed));
        foreach (var replica in new[] { Cluster.A, Cluster.B })
        {
            Assert.Equal(StreamVerdict.Good, StreamVerdict.Of(events, await replica.ReplayAsync(id), null));
            Assert.Equal(events[^1].Response, (await replica.GetAsync(id)).Body);
        }
    }
}
