using System.Net;
using Mka1.Edge.Resilience.Tests.Support;
using Xunit.Abstractions;

namespace Mka1.Edge.Resilience.Tests;

/// <summary>Background responses end exactly once, whichever replicas are killed meanwhile.</summary>
public sealed class BackgroundKillTests(Cluster cluster, ITestOutputHelper output) : ClusterTest(cluster, output)
{
    private const int Jobs = 60;
    private const int Kills = 4;

    [Fact]
    public Task Every_accepted_job_ends_once_with_its_own_text_or_as_interrupted() => RunAsync(async () =>
    {
        var random = new Random(17);
        var jobs = new List<(PacedRequest Request, string Id)>();
        for (var i = 0; i < Jobs; i++)
        {
            // Some say nothing for a while: those are run again when their replica is killed in that time.
            var request = PacedRequest.New(deltas: random.Next(20, 120), delayMs: 10, waitMs: i % 2 * random.Next(500, 3000));
            var accepted = await Cluster[i % 2].CreateAsync(request.Body(background: true));
            Assert.Equal((HttpStatusCode.OK, "queued"), (accepted.Status, accepted.ResponseStatus));
            jobs.Add((request, accepted.Id));
        }

        for (var kill = 0; kill < Kills; kill++)
        {
            await Task.Delay(random.Next(200, 1200));
            var victim = random.Next(2);
            await Cluster[victim].KillAsync();
            Cluster.Start(victim);
        }

        await Cluster.HealAsync();
        var ended = new List<Answer>();
        foreach (var (_, id) in jobs) ended.Add(await EndAsync(id));

        var calls = jobs.Select(job => Cluster.Model.CallsOf(job.Request.Seed).Count).ToList();
        Report($"background: {Jobs} jobs, {Kills} kills; {ended.Count(end => end.ResponseStatus == "completed")} completed, "
            + $"{ended.Count(end => end.ResponseStatus == "failed")} interrupted; run {calls.Max()} times at most, {calls.Count(count => count > 1)} more than once");
        for (var i = 0; i < Jobs; i++) await CheckAsync(jobs[i].Request, jobs[i].Id, ended[i]);
    });

    private async Task<Answer> EndAsync(string id)
    {
        Answer? answer = null;
        await Patience.UntilAsync(async () => (answer = await Cluster.B.GetAsync(id)).IsTerminal, $"{id} ends");
        return answer!;
    }

    private async Task CheckAsync(PacedRequest request, string id, Answer ended)
    {
        var calls = Cluster.Model.CallsOf(request.Seed).Count;
        Assert.InRange(calls, 0, 1 + Kills);
        if (ended.ResponseStatus == "completed") Assert.Contains(ended.Text, Enumerable.Range(1, calls).Select(call => PacedText.Whole(request.Seed, call, request.Deltas)));
        else Assert.Equal(("failed", "run_interrupted"), (ended.ResponseStatus, ended.ErrorCode));

        // What has ended has ended, and its stream says the same once.
        Assert.Equal(ended.Body, (await Cluster.A.GetAsync(id)).Body);
        foreach (var replica in new[] { Cluster.A, Cluster.B })
        {
            var events = await replica.ReplayAsync(id);
            Assert.Equal(StreamVerdict.Good, StreamVerdict.Of(events, events, ended.ResponseStatus == "completed" ? ended.Text : null));
            Assert.Equal(ended.Body, events[^1].Response);
        }
    }
}
