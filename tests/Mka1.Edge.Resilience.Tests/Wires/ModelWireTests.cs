using System.Globalization;
using System.Net;
using System.Text;
using Mka1.Edge.Resilience.Tests.Support;
using Mka1.Edge.Resilience.Tests.Support.Wires;
using Xunit.Abstractions;

namespace Mka1.Edge.Resilience.Tests.Wires;

/// <summary>
/// Promise: whatever the wire to a model server does, each request ends, once, with an honest word, and is billed for what came
/// (reliability.md 4, F01–F04).
/// </summary>
public sealed class ModelWireTests(WiredCluster cluster, ITestOutputHelper output) : WireTest(cluster, output), IClassFixture<WiredCluster>
{
    [Theory]
    [InlineData("refused")]
    [InlineData("reset before its answer")]
    [InlineData("closed before its answer")]
    public Task A_model_server_out_of_reach_is_passed_over_and_alone_it_is_a_refusal_that_costs_nothing(string how) => OnWiresAsync(async () =>
    {
        if (how == "refused") A.Model.Refuse();
        else A.Model.Put(new WireFault.Cut(0, how.StartsWith("reset", StringComparison.Ordinal) ? Ending.Reset : Ending.Fin));
        for (var i = 0; i < 8; i++)
        {
            var request = PacedRequest.New(deltas: 3, delayMs: 0);
            var body = For(WiredCluster.Pair, request.Body(stream: i % 2 == 0, store: i % 4 < 2));
            var text = i % 2 == 0 ? (await FollowAsync(Cluster.A, body)).Text : (await Cluster.A.CreateAsync(body)).Text;
            Assert.Equal(PacedText.Whole(request.Seed, Cluster.Model.CallsOf(request.Seed).Count, request.Deltas), text);
        }

        var before = await Wired.LedgerOfKeyAsync("counted");
        for (var i = 0; i < 8; i++)
        {
            var refusal = await Cluster.A.SendAsync("POST", "/responses", Wired.CountedKey, PacedRequest.New(3, 0).Body(stream: i % 2 == 0, store: i % 4 < 2));
            Assert.InRange((int)refusal.Status, 502, 503);
            Assert.NotNull(refusal.ErrorCode);
        }

        A.Model.Heal();
        Assert.Equal(HttpStatusCode.OK, (await Cluster.A.CreateAsync(PacedRequest.New(3, 0).Body())).Status);
        Assert.Equal(before, await Wired.LedgerOfKeyAsync("counted"));
    });

    [Theory]
    [InlineData(Ending.Fin)]
    [InlineData(Ending.Reset)]
    public Task A_model_server_that_dies_at_any_byte_of_a_stream_leaves_one_end_and_a_bill_for_what_came(Ending how) => OnWiresAsync(async () =>
    {
        var (failed, refused, whole) = (0, 0, 0);
        for (var after = 100; after < 6000; after += 331)
        {
            A.Model.Put(new WireFault.Cut(after, how));
            await Task.WhenAll(Enumerable.Range(0, 4).Select(async i =>
            {
                var request = PacedRequest.New(deltas: 10, delayMs: 1);
                var store = i % 2 == 0;
                var end = await FollowAsync(Cluster.A, request.Body(stream: true, store: store));
                if (end.Refusal is { } refusal)
                {
                    Assert.InRange((int)refusal.Status, 502, 503);
                    Interlocked.Increment(ref refused);
                    return;
                }

                Assert.True(end.Done, $"A stream cut after {after} bytes has no marker at its end.");
                Assert.Equal(StreamVerdict.Good, StreamVerdict.Of(end.Events, store ? await Cluster.B.ReplayAsync(end.Id) : end.Events, null));
                Assert.StartsWith(end.Text, request.Text, StringComparison.Ordinal);
                Assert.Single(Cluster.Model.CallsOf(request.Seed));
                if (end.ErrorCode is null) Interlocked.Increment(ref whole);
                else Interlocked.Increment(ref failed);
                if (store) Assert.Equal(end.Events[^1].Response, (await Cluster.B.GetAsync(end.Id)).Body);

                // Of an answer that is not stored the row is written a moment later.
                if (end.Deltas == 0) return;
                await Patience.UntilAsync(async () => (await Wired.LedgerOfAsync(end.Id)).Rows > 0, $"{end.Id} is billed");
                var (rows, output) = await Wired.LedgerOfAsync(end.Id);
                Assert.Equal(1, rows);
                Assert.InRange(output, end.Deltas, Encoding.UTF8.GetByteCount(end.Text));
            }));
        }

        Report($"{how}: {failed} streams ended as failed, {refused} were refused before their first event, {whole} were whole");
        Assert.True(failed > 20, "The wire was hardly ever cut in the middle of a stream.");
    });

    [Fact]
    public Task A_model_server_that_falls_silent_is_given_up_before_and_within_its_answer() => OnWiresAsync(async () =>
    {
        A.Model.Put(new WireFault.Stall());
        B.Model.Put(new WireFault.Cut(1500, Ending.Silence));
        var never = Enumerable.Range(0, 4).Select(i => Cluster.A.CreateAsync(For(WiredCluster.Brief, PacedRequest.New(3, 0).Body(stream: i % 2 == 0, store: i < 2)))).ToList();
        var midst = Enumerable.Range(0, 4).Select(i => FollowAsync(Cluster.B, For(WiredCluster.Brief, PacedRequest.New(50, 1).Body(stream: true, store: i < 2)))).ToList();
        foreach (var answer in await Task.WhenAll(never)) Assert.Equal((HttpStatusCode.GatewayTimeout, "upstream_timeout"), (answer.Status, answer.ErrorCode));
        foreach (var end in await Task.WhenAll(midst))
        {
            Assert.Equal("upstream_timeout", end.ErrorCode);
            Assert.True(end.Refusal is not null || end.Done, "A stream that was given up has no marker at its end.");
        }
    });

    [Fact]
    public Task A_stream_that_comes_byte_by_byte_is_the_same_stream() => OnWiresAsync(async () =>
    {
        A.Model.Put(new WireFault.Slice(1));
        var request = PacedRequest.New(deltas: 12, delayMs: 0);
        var end = await FollowAsync(Cluster.A, request.Body(stream: true));
        Assert.Equal(StreamVerdict.Good, StreamVerdict.Of(end.Events, await Cluster.B.ReplayAsync(end.Id), request.Text));
        Assert.Equal(request.Events, end.Events.Count);
        Assert.True(A.Model.Pieces > 1000, string.Create(CultureInfo.InvariantCulture, $"Only {A.Model.Pieces} pieces."));
    });

    [Fact]
    public Task Bytes_that_were_damaged_on_their_way_end_every_request_and_no_replica() => OnWiresAsync(async () =>
    {
        var ends = new Dictionary<string, int>();
        for (var every = 40; every < 1500; every = every * 7 / 5)
        {
            A.Model.Put(new WireFault.Corrupt(every));
            var streams = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => FollowAsync(Cluster.A, For(WiredCluster.Brief, PacedRequest.New(5, 0).Body(stream: true, store: i < 2)))));
            foreach (var end in streams)
            {
                if (end.Refusal is { } refusal) Assert.InRange((int)refusal.Status, 502, 504);
                else Assert.True(end.Done && end.Events[^1].IsTerminal, "A damaged stream has no end.");
                var code = end.ErrorCode ?? "whole";
                ends[code] = ends.GetValueOrDefault(code) + 1;
            }
        }

        A.Model.Heal();
        Report(string.Join(", ", ends.Select(end => $"{end.Value} {end.Key}")));
        Assert.True(ends.Count > 1, "Nothing was damaged.");
        var request = PacedRequest.New(5, 0);
        Assert.Equal(request.Text, (await FollowAsync(Cluster.A, request.Body(stream: true))).Text);
        Assert.DoesNotContain("Unhandled exception", Cluster.A.Log, StringComparison.Ordinal);
    });
}
