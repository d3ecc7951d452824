using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Mka1.Edge.Resilience.Tests.Support;
using Mka1.Edge.Resilience.Tests.Support.Wires;
using Xunit.Abstractions;

namespace Mka1.Edge.Resilience.Tests.Wires;

/// <summary>
/// Promise: a store or a receiver that one replica alone cannot reach, or whose replies get lost, costs that replica's clients what
/// gateway/STATE.md says and nobody else anything; nothing is done twice (reliability.md 4, F11, F13–F15, F20, F23).
/// </summary>
public sealed class StoreWireTests(WiredCluster cluster, ITestOutputHelper output) : WireTest(cluster, output), IClassFixture<WiredCluster>
{
    private const string RedisAway = """{"status":"degraded","away":["redis"]}""";

    [Fact]
    public Task A_Redis_that_swallows_what_one_replica_says_breaks_no_stream_and_is_found_again() => OnWiresAsync(async () =>
    {
        var requests = Enumerable.Range(0, 12).Select(_ => PacedRequest.New(deltas: 300, delayMs: 10)).ToList();
        var running = requests.Select((request, i) => FollowAsync(Cluster[i % 2], request.Body(stream: true))).ToList();
        await Patience.UntilAsync(() => Task.FromResult(requests.All(request => Cluster.Model.CallsOf(request.Seed).Count > 0)), "all streams run");
        A.Redis.Put(new WireFault.Swallow());
        await Patience.UntilAsync(async () => await Cluster.A.ReadinessAsync() == RedisAway, "Redis is named as away", Patience.Hang);
        for (var i = 0; i < 10; i++) Assert.Equal(HttpStatusCode.OK, (await Cluster.A.CreateAsync(PacedRequest.New(2, 0).Body(store: i % 2 == 0))).Status);
        Assert.Equal(Cluster.Ready, await Cluster.B.ReadinessAsync());
        A.Redis.Heal();
        var back = await Patience.UntilAsync(async () => await Cluster.A.ReadinessAsync() == Cluster.Ready, "Redis is found again", Patience.Hang);
        var ends = await Task.WhenAll(running);
        for (var i = 0; i < ends.Length; i++)
        {
            Assert.Equal(StreamVerdict.Good, StreamVerdict.Of(ends[i].Events, ends[i].Events, requests[i].Text));
            Assert.Equal(ends[i].Events[^1].Response, (await Cluster.B.GetAsync(ends[i].Id)).Body);
        }

        Report($"found again {back.TotalSeconds:F2} s after the wire was whole");
    });

    [Fact]
    public Task Replies_of_Redis_that_get_lost_make_no_token_count_twice_or_never() => OnWiresAsync(async () =>
    {
        for (var round = 0; round < 3; round++)
        {
            var load = Enumerable.Range(0, 24).Select(i => SpendAsync(i)).ToList();
            A.Redis.Put(new WireFault.Swallow(Way.ToClient));
            Assert.All(await Task.WhenAll(load), answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
            A.Redis.Heal();
            await Patience.UntilAsync(async () => await Cluster.A.ReadinessAsync() == Cluster.Ready, "Redis is found again", Patience.Hang);
        }

        var (counted, billed) = (0L, 0L);
        try
        {
            await Patience.UntilAsync(
                async () =>
                {
                    (counted, billed) = (WiredCluster.CountedTokens - await RemainingAsync(), (await Wired.LedgerOfKeyAsync("counted")).Tokens);
                    return counted == billed;
                },
                "the counters say what the ledger says");
        }
        finally
        {
            Report(string.Create(CultureInfo.InvariantCulture, $"{counted} tokens by the counters, {billed} by the ledger"));
        }

        Task<Answer> SpendAsync(int i) => Cluster.A.SendAsync("POST", "/responses", Wired.CountedKey, PacedRequest.New(3 + i, 2).Body(store: i % 2 == 0));
    });

    [Fact]
    public Task A_Postgres_that_swallows_what_one_replica_says_is_told_to_its_clients_and_no_others() => OnWiresAsync(async () =>
    {
        var requests = Enumerable.Range(0, 6).Select(_ => PacedRequest.New(deltas: 60, delayMs: 10)).ToList();
        var running = requests.Select(request => FollowAsync(Cluster.A, request.Body(stream: true))).ToList();
        await Patience.UntilAsync(() => Task.FromResult(requests.All(request => Cluster.Model.CallsOf(request.Seed).Count > 0)), "all streams run");
        A.Postgres.Put(new WireFault.Swallow());
        var stored = Cluster.A.CreateAsync(PacedRequest.New(2, 0).Body());
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await Cluster.A.CreateAsync(PacedRequest.New(2, 0).Body(store: false))).Status);
            Assert.Equal(HttpStatusCode.OK, (await Cluster.B.CreateAsync(PacedRequest.New(2, 0).Body())).Status);
        }

        var refusal = await stored;
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "store_unavailable"), (refusal.Status, refusal.ErrorCode));
        Assert.NotNull(refusal.RetryAfter);
        A.Postgres.Heal();
        await Patience.UntilAsync(async () => (await Cluster.A.CreateAsync(PacedRequest.New(2, 0).Body())).Status == HttpStatusCode.OK, "A stores again", Patience.Hang);

        // A's lease may be over by now: its streams have then been ended as interrupted by B, and that is what A's readers hear.
        var interrupted = 0;
        foreach (var end in await Task.WhenAll(running))
        {
            Assert.Equal(StreamVerdict.Good, StreamVerdict.Of(end.Events, await Cluster.B.ReplayAsync(end.Id), null));
            Assert.Contains(end.ErrorCode, new[] { null, "run_interrupted", "store_unavailable" });
            if (end.ErrorCode is not null) interrupted++;
            await Patience.UntilAsync(async () => (await Cluster.A.GetAsync(end.Id)).IsTerminal, "the end is stored");
            Assert.Equal(end.Events[^1].Response, (await Cluster.A.GetAsync(end.Id)).Body);
        }

        Report($"{interrupted} of {running.Count} streams were not seen through");
    });

    [Fact]
    public Task A_commit_whose_reply_gets_lost_is_one_response_and_one_bill_however_often_its_client_asks_again() => OnWiresAsync(async () =>
    {
        for (var round = 0; round < 3; round++)
        {
            var request = PacedRequest.New(deltas: 20, delayMs: 25);
            var key = Guid.NewGuid().ToString("N");
            var first = AskAsync(Cluster.A, request, key);
            await Patience.UntilAsync(() => Task.FromResult(Cluster.Model.CallsOf(request.Seed).Count > 0), "the model is at work");
            A.Postgres.Put(new WireFault.Swallow(Way.ToClient));
            await Task.Delay(TimeSpan.FromMilliseconds(700 + (300 * round)));
            A.Postgres.Heal();
            var told = await first;

            Answer? again = null;
            await Patience.UntilAsync(async () => (again = await AskAsync(Cluster.B, request, key)).Status == HttpStatusCode.OK, "the repeat is answered");
            if (told.Status == HttpStatusCode.OK) Assert.Equal(told.Body, again!.Body);
            Assert.Equal(again!.Body, (await Cluster.B.GetAsync(again.Id)).Body);
            var (responses, rows) = await Wired.MadeOfAsync(request.Seed);
            Report($"{(int)told.Status} {told.ErrorCode}, then {again.ResponseStatus}; {responses} responses, {rows} rows, {Cluster.Model.CallsOf(request.Seed).Count} calls");
            Assert.Equal((1, 1), (responses, rows));
        }
    });

    [Theory]
    [InlineData("53100")]
    [InlineData("58030")]
    [InlineData("25006")]
    public Task A_Postgres_that_cannot_write_is_a_store_that_is_not_available(string state) => OnWiresAsync(async () =>
    {
        var kept = await Cluster.A.CreateAsync(PacedRequest.New(2, 0).Body());
        await Wired.ExecuteAsync($"""
            CREATE OR REPLACE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '{state}'; END $$;
            CREATE OR REPLACE TRIGGER full_disk BEFORE INSERT ON response FOR EACH ROW EXECUTE FUNCTION full_disk();
            """);
        try
        {
            foreach (var body in new[] { PacedRequest.New(2, 0).Body(), PacedRequest.New(2, 0).Body(stream: true), PacedRequest.New(2, 0).Body(background: true) })
            {
                var refusal = await Cluster.A.CreateAsync(body);
                Assert.Equal((HttpStatusCode.ServiceUnavailable, "store_unavailable"), (refusal.Status, refusal.ErrorCode));
                Assert.NotNull(refusal.RetryAfter);
            }

            Assert.Equal(HttpStatusCode.OK, (await Cluster.A.CreateAsync(PacedRequest.New(2, 0).Body(store: false))).Status);
            Assert.Equal(kept.Body, (await Cluster.B.GetAsync(kept.Id)).Body);
        }
        finally
        {
            await Wired.ExecuteAsync("DROP TRIGGER IF EXISTS full_disk ON response");
        }

        await Patience.UntilAsync(async () => (await Cluster.A.CreateAsync(PacedRequest.New(2, 0).Body())).Status == HttpStatusCode.OK, "A stores again", Patience.Hang);
    });

    [Theory]
    [InlineData("refused")]
    [InlineData("answers lost")]
    [InlineData("silent")]
    public Task A_receiver_of_webhooks_that_cannot_be_reached_is_told_later_under_the_same_id(string how) => OnWiresAsync(async () =>
    {
        if (how == "refused") Wired.Hooks.Refuse();
        else Wired.Hooks.Put(how == "silent" ? new WireFault.Swallow() : new WireFault.Cut(0, Ending.Reset));
        var request = PacedRequest.New(2, 0);
        var accepted = await Cluster.A.CreateAsync(request.Body(background: true)[..^1] + $$""","webhook_url":"{{Wired.HookUrl}}"}""");
        Assert.Equal(HttpStatusCode.OK, accepted.Status);
        await Patience.UntilAsync(async () => (await Cluster.B.GetAsync(accepted.Id)).ResponseStatus == "completed", "the run ends whoever hears of it");
        if (how == "answers lost") await Patience.UntilAsync(() => Task.FromResult(Told("response.completed").Count > 0), "the receiver is told, and its answer is lost");
        var before = Told("response.completed").Count;
        Wired.Hooks.Heal();
        await Patience.UntilAsync(() => Task.FromResult(Told("response.completed").Count > before), "the receiver is told");
        Assert.Single(Told("response.completed").Distinct());

        List<string> Told(string type) =>
            [.. Wired.Receiver.Told.Where(told => told.Body.Contains(accepted.Id, StringComparison.Ordinal) && told.Body.Contains(type, StringComparison.Ordinal)).Select(told => told.Id)];
    });

    private static async Task<Answer> AskAsync(GatewayProcess replica, PacedRequest request, string key)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, "/api/v1/llm/responses") { Content = new StringContent(request.Body(), Encoding.UTF8, "application/json") };
        message.Headers.Add("Idempotency-Key", key);
        using var answer = await replica.SendAsync(message, HttpCompletionOption.ResponseContentRead, Patience.Within(Patience.Long));
        return new Answer(answer.StatusCode, answer.Headers.RetryAfter?.ToString(), await answer.Content.ReadAsStringAsync());
    }

    private async Task<long> RemainingAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/llm/models") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", Wired.CountedKey) } };
        using var answer = await Cluster.B.SendAsync(request, HttpCompletionOption.ResponseContentRead, Patience.Within(Patience.Long));
        return long.Parse(answer.Headers.GetValues("x-ratelimit-remaining-tokens").Single(), CultureInfo.InvariantCulture);
    }
}
