using Mka1.Edge.Resilience.Tests.Support;
using Xunit.Abstractions;

namespace Mka1.Edge.Resilience.Tests;

/// <summary>A replica that stood still for longer than its lease comes back, and changes nothing of what the other has made meanwhile.</summary>
public sealed class ZombieTests(Cluster cluster, ITestOutputHelper output) : ClusterTest(cluster, output)
{
    [Fact]
    public Task Streams_that_a_zombie_goes_on_with_stay_as_the_other_replica_ended_them() => RunAsync(async () =>
    {
        var requests = Enumerable.Range(0, 8).Select(_ => PacedRequest.New(deltas: 400, delayMs: 10)).ToList();
        var creators = await Task.WhenAll(requests.Select(request => Cluster.A.StreamAsync(request.Body(stream: true))));
        var first = await Task.WhenAll(creators.Select(async creator => (await creator.ReadAsync(Patience.Within(Patience.Long)))!));
        string[] ids = [.. first.Select(e => new Answer(default, null, e.Response).Id)];

        await Signals.StopAsync(Cluster.A.Id);
        var ended = await Task.WhenAll(ids.Select(Cluster.B.ReplayAsync));
        await Signals.ContinueAsync(Cluster.A.Id);

        // Those who had stayed with the zombie hear the same end.
        for (var i = 0; i < ids.Length; i++)
        {
            List<ReceivedEvent> events = [first[i]];
            await creators[i].ReadToEndAsync(events, Patience.Within(Patience.Long));
            creators[i].Dispose();
            Assert.Equal(("response.failed", "run_interrupted"), (events[^1].Name, new Answer(default, null, events[^1].Response).ErrorCode));
            await CheckAsync(ids[i], ended[i]);
        }

        Report($"zombie: {ids.Length} streams, each ended once, by the other replica");
    });

    [Fact]
    public Task Jobs_that_a_zombie_goes_on_with_are_the_other_replicas_work() => RunAsync(async () =>
    {
        var requests = Enumerable.Range(0, 12).Select(_ => PacedRequest.New(deltas: 20, delayMs: 5, waitMs: 4000)).ToList();
        var accepted = await Task.WhenAll(requests.Select(request => Cluster.A.CreateAsync(request.Body(background: true))));
        await Patience.UntilAsync(() => Task.FromResult(requests.All(request => Cluster.Model.CallsOf(request.Seed).Count > 0)), "all jobs run");
        var zombies = requests.Where(request => Cluster.Model.CallsOf(request.Seed)[0] == "a").ToList();
        Assert.NotEmpty(zombies);

        await Signals.StopAsync(Cluster.A.Id);
        await Patience.UntilAsync(() => Task.FromResult(zombies.All(request => Cluster.Model.CallsOf(request.Seed).Count > 1)), "all jobs of the zombie are taken over");
        await Signals.ContinueAsync(Cluster.A.Id);

        for (var i = 0; i < requests.Count; i++)
        {
            var id = accepted[i].Id;
            Answer? end = null;
            await Patience.UntilAsync(async () => (end = await Cluster.B.GetAsync(id)).IsTerminal, $"{id} ends");
            var calls = Cluster.Model.CallsOf(requests[i].Seed);
            Assert.Equal(zombies.Contains(requests[i]) ? ["a", "b"] : ["b"], calls);
            Assert.Equal(("completed", PacedText.Whole(requests[i].Seed, calls.Count, 20)), (end!.ResponseStatus, end.Text));
            await CheckAsync(id, await Cluster.B.ReplayAsync(id));
        }

        Report($"zombie: {zombies.Count} of {requests.Count} jobs taken over, each ended once, with the text of the one that took over");
    });

    private async Task CheckAsync(string id, List<ReceivedEvent> ended)
    {
        // The zombie has found out by the time it answers this.
        await Patience.UntilAsync(async () => (await Cluster.A.GetAsync(id)).IsTerminal, $"{id} has ended for the zombie too");
        foreach (var replica in new[] { Cluster.A, Cluster.B })
        {
            Assert.Equal(StreamVerdict.Good, StreamVerdict.Of(await replica.ReplayAsync(id), ended, null));
            Assert.Equal(ended[^1].Response, (await replica.GetAsync(id)).Body);
        }
    }
}
