using System.Diagnostics;
using System.Net;
using Mka1.Edge.Resilience.Tests.Support;
using Xunit.Abstractions;

namespace Mka1.Edge.Resilience.Tests;

/// <summary>
/// Postgres goes away under load: what needs no store is served as ever, what needs it is refused at once and with a word on
/// when to come again, and streams that run wait with their end until it is back.
/// </summary>
public sealed class PostgresFaultTests(Cluster cluster, ITestOutputHelper output) : ClusterTest(cluster, output)
{
    private const int Streams = 20;

    private static readonly TimeSpan Away = TimeSpan.FromSeconds(3);

    /// <summary>Answers that each client gets while Postgres is away, so that none of them waits for its return.</summary>
    private const int Meanwhile = 20;

    [Theory]
    [InlineData(Fault.Restarted)]
    [InlineData(Fault.Stopped)]
    [InlineData(Fault.Down)]
    public Task What_needs_no_store_goes_on_and_everything_else_is_told_to_come_again(Fault fault) => RunAsync(async () =>
    {
        // They end while Postgres is away.
        var requests = Enumerable.Range(0, Streams).Select(i => PacedRequest.New(deltas: 40 + (5 * i), delayMs: 10)).ToList();
        var running = requests.Select((request, i) => ReadAsync(Cluster[i % 2], request)).ToList();
        await Patience.UntilAsync(() => Task.FromResult(requests.All(request => Cluster.Model.CallsOf(request.Seed).Count > 0)), "all streams run");

        var unstored = new Load(Cluster, store: false);
        var stored = new Load(Cluster, store: true);
        await Cluster.BreakPostgresAsync(fault, async () =>
        {
            if (fault == Fault.Restarted) return;
            var clock = Stopwatch.StartNew();
            if (fault == Fault.Down)
            {
                foreach (var replica in new[] { Cluster.A, Cluster.B })
                    await Patience.UntilAsync(async () => await replica.ReadinessAsync() == """{"status":"degraded","away":["postgres"]}""", "Postgres is named as away", Patience.Hang);
            }

            await unstored.MoreAsync(Meanwhile);
            if (clock.Elapsed < Away) await Task.Delay(Away - clock.Elapsed);
        });
        var recovery = await Load.RecoveryAsync(Cluster);
        await unstored.DisposeAsync();
        await stored.DisposeAsync();

        Report($"Postgres {fault}: {unstored.Count} unstored answers, none refused, {unstored.Longest.TotalSeconds:F2} s at most; {stored.Count} stored ones, "
            + $"{stored.Refusals.Count} refused, {stored.Longest.TotalSeconds:F2} s at most; stored again after {recovery.TotalSeconds:F2} s");
        Assert.Empty(unstored.Refusals);
        foreach (var refusal in stored.Refusals)
        {
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "store_unavailable"), (refusal.Status, refusal.ErrorCode));
            Assert.NotNull(refusal.RetryAfter);
        }

        Assert.True(stored.Longest < Patience.Hang, $"A client waited {stored.Longest}.");
        Assert.True(recovery < Patience.Hang, $"{recovery}");
        for (var i = 0; i < Streams; i++) await CheckAsync(requests[i], await running[i]);
    });

    [Fact]
    public Task Reading_is_refused_in_the_same_way_while_Postgres_is_down() => RunAsync(async () =>
    {
        var kept = await Cluster.A.CreateAsync(PacedRequest.New(2, 1).Body());
        await Cluster.BreakPostgresAsync(Fault.Down, async () =>
        {
            foreach (var replica in new[] { Cluster.A, Cluster.B })
            {
                var clock = Stopwatch.StartNew();
                var refusal = await replica.GetAsync(kept.Id);
                Assert.Equal((HttpStatusCode.ServiceUnavailable, "store_unavailable"), (refusal.Status, refusal.ErrorCode));
                Assert.NotNull(refusal.RetryAfter);
                Assert.True(clock.Elapsed < Patience.Hang);
            }
        });
        await Load.RecoveryAsync(Cluster);
        Assert.Equal(kept.Body, (await Cluster.B.GetAsync(kept.Id)).Body);
    });

    private static async Task<List<ReceivedEvent>> ReadAsync(GatewayProcess replica, PacedRequest request)
    {
        using var stream = await replica.StreamAsync(request.Body(stream: true));
        var events = new List<ReceivedEvent>();
        await stream.ReadToEndAsync(events, Patience.Within(Patience.Long));
        return events;
    }

    private async Task CheckAsync(PacedRequest request, List<ReceivedEvent> events)
    {
        var id = new Answer(default, null, events[0].Response).Id;
        Assert.Equal(StreamVerdict.Good, StreamVerdict.Of(events, await Cluster.B.ReplayAsync(id), request.Text));
        Assert.Equal(events[^1].Response, (await Cluster.A.GetAsync(id)).Body);
    }
}
