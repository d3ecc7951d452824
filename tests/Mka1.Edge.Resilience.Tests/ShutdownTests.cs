using System.Diagnostics;
using Mka1.Edge.Resilience.Tests.Support;
using Xunit.Abstractions;

namespace Mka1.Edge.Resilience.Tests;

/// <summary>A replica that is asked to stop sees its streams through, leaves its jobs to the other, and records nothing as cancelled.</summary>
public sealed class ShutdownTests(Cluster cluster, ITestOutputHelper output) : ClusterTest(cluster, output)
{
    [Fact]
    public Task Streams_end_normally_and_queued_jobs_are_done_by_the_other_replica() => RunAsync(async () =>
    {
        var streams = Enumerable.Range(0, 20).Select(_ => PacedRequest.New(deltas: 150, delayMs: 10)).ToList();
        var reading = streams.Select(ReadAsync).ToList();
        var jobs = Enumerable.Range(0, 50).Select(i => PacedRequest.New(deltas: 50, delayMs: 10, waitMs: i % 2 * 500)).ToList();
        var accepted = await Task.WhenAll(jobs.Select(job => Cluster.A.CreateAsync(job.Body(background: true))));
        await Patience.UntilAsync(() => Task.FromResult(streams.All(stream => Cluster.Model.CallsOf(stream.Seed).Count > 0)), "all streams run");

        var clock = Stopwatch.StartNew();
        var exit = Cluster.A.TerminateAsync();
        Assert.Equal(0, await exit);
        var drained = clock.Elapsed;
        Assert.True(drained < Cluster.Shutdown + Patience.Hang, $"The shutdown took {drained}.");

        foreach (var (events, request) in (await Task.WhenAll(reading)).Zip(streams))
        {
            Assert.Equal(StreamVerdict.Good, StreamVerdict.Of(events, events, request.Text));
            Assert.Equal(request.Events, events.Count);
        }

        var again = 0;
        for (var i = 0; i < jobs.Count; i++)
        {
            var end = await EndAsync(accepted[i].Id);
            var calls = Cluster.Model.CallsOf(jobs[i].Seed).Count;
            again += calls - 1;
            Assert.Equal(("completed", PacedText.Whole(jobs[i].Seed, calls, 50)), (end.ResponseStatus, end.Text));
        }

        Report($"shutdown: {streams.Count} streams and {jobs.Count} jobs completed, {again} of the jobs begun again, exit 0 after {drained.TotalSeconds:F2} s");
    });

    [Fact]
    public Task What_outlasts_the_shutdown_ends_as_interrupted_and_not_as_cancelled() => RunAsync(async () =>
    {
        var stream = PacedRequest.New(deltas: 2000, delayMs: 20);
        var reading = ReadAsync(stream);
        var jobs = Enumerable.Range(0, 4).Select(_ => PacedRequest.New(deltas: 1000, delayMs: 20)).ToList();
        var accepted = await Task.WhenAll(jobs.Select(job => Cluster.A.CreateAsync(job.Body(background: true))));
        await Patience.UntilAsync(() => Task.FromResult(jobs.Append(stream).All(request => Cluster.Model.CallsOf(request.Seed).Count > 0)), "all run");

        // Output is seen of the jobs at once: they are not begun again.
        foreach (var job in accepted)
        {
            using var reader = await Cluster.A.ResumeAsync(job.Id, 6);
            await reader.ReadAsync(Patience.Within(Patience.Long));
        }

        var atA = jobs.Select(job => Cluster.Model.CallsOf(job.Seed)[0] == "a").ToList();
        Assert.Equal(0, await Cluster.A.TerminateAsync());

        var events = await reading;
        Assert.Equal(("response.failed", "run_interrupted"), (events[^1].Name, new Answer(default, null, events[^1].Response).ErrorCode));
        Assert.Equal(StreamVerdict.Good, StreamVerdict.Of(events, await Cluster.B.ReplayAsync(new Answer(default, null, events[0].Response).Id), null));
        for (var i = 0; i < jobs.Count; i++)
        {
            var end = await Cluster.B.GetAsync(accepted[i].Id);
            if (atA[i]) Assert.Equal(("failed", "run_interrupted"), (end.ResponseStatus, end.ErrorCode));
            else Assert.Equal("in_progress", end.ResponseStatus);
            Assert.Single(Cluster.Model.CallsOf(jobs[i].Seed));
        }

        Report($"shutdown: a stream and {atA.Count(here => here)} of {jobs.Count} jobs that outlast it end as interrupted");
    });

    private async Task<List<ReceivedEvent>> ReadAsync(PacedRequest request)
    {
        using var stream = await Cluster.A.StreamAsync(request.Body(stream: true));
        var events = new List<ReceivedEvent>();
        await stream.ReadToEndAsync(events, Patience.Within(Patience.Long));
        return events;
    }

    private async Task<Answer> EndAsync(string id)
    {
        Answer? answer = null;
        await Patience.UntilAsync(async () => (answer = await Cluster.B.GetAsync(id)).IsTerminal, $"{id} ends");
        return answer!;
    }
}
