using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Tests.Support;
using Mka1.Edge.Policies.Balancing;
using Xunit.Abstractions;

namespace Mka1.Edge.Gateway.Tests.Pools;

/// <summary>
/// Promise: whatever a server does wrong before the first byte has left for the client, the client sees nothing of it while another
/// server is well; and the sick one is left out after a few requests, by those alone.
/// </summary>
public sealed class PassesOverSickServersTests(ITestOutputHelper log)
{
    private const int Failures = 3;
    private const int AtOnce = 8;
    private const string Html = "<html><body>Bad gateway</body></html>";

    private static readonly Dictionary<string, Func<UpstreamCall, Task>> Sicknesses = new()
    {
        ["resets"] = Scripts.Reset,
        ["hangs up"] = call => { call.Finish(); return call.HoldAsync(); },
        ["hangs"] = Scripts.Silence,
        ["hangs after its headers"] = async call => { await StartAsync(call); await call.HoldAsync(); },
        ["breaks off after its headers"] = async call => { await StartAsync(call); call.Reset(); },
        ["breaks off within its answer"] = async call => { await call.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: " + TypeOf(call) + "\r\nContent-Length: 999\r\n\r\n{\"sta"); call.Reset(); },
        ["speaks no HTTP"] = async call => { await call.SendAsync("SSH-2.0-OpenSSH_9.2\r\n\r\n"); call.Finish(); await call.HoldAsync(); },
        ["fails"] = Scripts.Json("""{"error":{"message":"Out of memory."}}""", 500),
        ["is a proxy without a server"] = Scripts.Json(Html, 502, "text/html"),
        ["redirects"] = Scripts.Json("", 302, headers: "Location: http://127.0.0.1:1/\r\n"),
        ["knows no such path"] = Scripts.Json("""{"error":{"message":"Not found."}}""", 404),
        ["does not know us"] = Scripts.Json("""{"error":{"message":"Who are you?"}}""", 401),
        ["answers HTML"] = Scripts.Json(Html, contentType: "text/html"),
        ["answers the other kind"] = call => Scripts.Json(Transcript.Response("x"), contentType: TypeOf(call) == "application/json" ? "text/event-stream" : "application/json")(call),
        ["answers garbage"] = call => Scripts.Json("\u0001\u0002 nonsense", contentType: TypeOf(call))(call),
        ["answers garbage events"] = call => TypeOf(call) == "application/json"
            ? Scripts.Json("{\"status\":\"splendid\"}")(call)
            : Scripts.Stream("event: response.created\ndata: {\"type\":\"response.created\",\"sequence_number\":0}\n\n")(call),
        ["answers nothing"] = call => Scripts.Json("", contentType: TypeOf(call))(call),
        ["is slow"] = async call => { await Task.Delay(200); await Scripts.Completed(PoolBench.Text)(call); },
        ["has no room"] = Scripts.Json("""{"error":{"message":"Full."}}""", 503),
    };

    public static TheoryData<string> Names => [.. Sicknesses.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Nobody_sees_anything_of_a_server_that(string does)
    {
        await using var bench = await PoolBench.StartAsync(pool => pool with
        {
            FirstByteTimeoutSeconds = does.StartsWith("hangs", StringComparison.Ordinal) ? 5 : 60,
            FirstTokenTimeoutSeconds = does.StartsWith("hangs", StringComparison.Ordinal) ? 5 : 60,
            Health = pool.Health with { Passive = new PassiveHealthConfig { Failures = Failures, FirstRestSeconds = 600, LongestRestSeconds = 600 } },
        });
        bench.One.Play(Sicknesses[does]);
        var began = TimeProvider.System.GetTimestamp();
        Assert.Empty(await bench.LoadAsync(100, AtOnce));
        log.WriteLine($"A server that {does}: {bench.One.Calls.Count} of 100 requests, {TimeProvider.System.GetElapsedTime(began).TotalSeconds:F1} s.");

        // To be slow or full is no sickness: such a server gets less, the slow one by the requests it still has.
        if (does is "has no room") return;
        if (does is "is slow")
        {
            Assert.InRange(bench.One.Calls.Count, 1, 49);
            return;
        }

        // As many as make up a verdict, and those under way by then.
        Assert.InRange(bench.One.Calls.Count, Failures, Failures + AtOnce);
        var seen = await bench.SeenAsync("one");
        Assert.Equal(("resting", "open"), (seen.GetProperty("state").GetString(), seen.GetProperty("circuit").GetString()));
        Assert.Equal("available", (await bench.SeenAsync("two")).GetProperty("state").GetString());
        Assert.Equal(100, bench.Two.Calls.Count);
    }

    [Fact]
    public async Task A_request_that_a_server_finds_at_fault_is_not_tried_elsewhere_and_speaks_against_nobody()
    {
        await using var bench = await PoolBench.StartAsync();
        foreach (var server in new[] { bench.One, bench.Two }) server.Play(Scripts.Json("""{"error":{"message":"Odd.","code":"invalid_value"}}""", 400));
        for (var i = 0; i < 20; i++)
        {
            using var answer = await bench.SayAsync();
            await answer.AssertRefusedAsync(400, "invalid_value");
        }

        Assert.Equal(20, bench.One.Calls.Count + bench.Two.Calls.Count);
        Assert.Equal("available", (await bench.SeenAsync("one")).GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_request_given_up_by_its_client_speaks_against_nobody()
    {
        await using var bench = await PoolBench.StartAsync(pool => pool with { Health = pool.Health with { Passive = new PassiveHealthConfig { Failures = 1 } } });
        foreach (var server in new[] { bench.One, bench.Two }) server.Play(Scripts.Silence);
        using var leaving = new CancellationTokenSource();
        using var request = GatewayFixture.Create(GatewayFixture.Hello());
        request.Headers.Add("x-request-id", "left");
        var answering = bench.Gateway.Client.SendAsync(request, leaving.Token);
        await await Task.WhenAny(bench.One.NextCallAsync(), bench.Two.NextCallAsync());
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answering);
        Assert.Equal("ClientDisconnected", (await bench.Gateway.SettledAsync("left")).Values["End"]?.ToString());
        Assert.Equal(("available", "available"), ((await bench.SeenAsync("one")).GetProperty("state").GetString(), (await bench.SeenAsync("two")).GetProperty("state").GetString()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stream_cut_after_its_first_event_fails_and_is_stored_and_billed_so_while_another_server_stands_by(bool store)
    {
        await using var bench = await PoolBench.StartAsync();
        var cut = Scripts.StreamCut([.. Transcript.Opening(), .. Transcript.Deltas("Hel", "lo")]);
        bench.One.Play(cut);
        bench.Two.Play(cut);
        using var request = GatewayFixture.Create(GatewayFixture.Hello(stream: true, extra: store ? "\"store\":true" : "\"store\":false"));
        request.Headers.Add("x-request-id", "cut");
        using var answer = await bench.Gateway.Client.SendAsync(request);
        var final = StrictClient.AssertFailed(Wire.Events(await answer.Content.ReadAsStringAsync()), "upstream_error");
        Assert.Equal("Hello", final.OutputText);
        Assert.Equal(1, bench.One.Calls.Count + bench.Two.Calls.Count);

        await bench.Gateway.SettledAsync("cut");
        var row = Assert.Single(bench.Gateway.Ledger.Rows());
        Assert.Equal((2, true), (row.OutputTokens, row.Estimated));
        if (!store) return;
        using var get = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/llm/responses/{final.Id}");
        get.Headers.Authorization = new("Bearer", TestKeys.Acme);
        using var stored = await bench.Gateway.Client.SendAsync(get);
        var body = System.Text.Json.JsonDocument.Parse(await stored.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(("failed", "upstream_error"), (body.GetProperty("status").GetString(), body.GetProperty("error").GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_retried_run_is_billed_once_for_the_answer_that_counts()
    {
        await using var bench = await PoolBench.StartAsync(ByChance);
        bench.One.Play(Sicknesses["breaks off after its headers"]);
        for (var i = 0; i < 10; i++)
        {
            using var request = GatewayFixture.Create(GatewayFixture.Hello(stream: i % 2 == 0));
            request.Headers.Add("x-request-id", $"once-{i}");
            using var answer = await bench.Gateway.Client.SendAsync(request);
            Assert.True(answer.IsSuccessStatusCode);
            await bench.Gateway.SettledAsync($"once-{i}");
        }

        Assert.NotEmpty(bench.One.Calls);
        Assert.Equal(10, bench.Gateway.Ledger.Rows().Count);
        Assert.All(bench.Gateway.Ledger.Rows(), row => Assert.False(row.Estimated));
    }

    [Fact]
    public async Task A_background_run_whose_server_fails_before_its_first_event_goes_to_another()
    {
        await using var bench = await PoolBench.StartAsync(ByChance);
        bench.One.Play(Sicknesses["breaks off after its headers"]);
        for (var i = 0; i < 6; i++)
        {
            using var answer = await bench.Gateway.PostAsync(GatewayFixture.Hello(stream: true, extra: "\"background\":true,\"store\":true"));
            Assert.Contains("response.completed", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.NotEmpty(bench.One.Calls);
    }

    [Fact]
    public async Task When_the_retry_budget_is_used_up_the_failure_is_told()
    {
        await using var bench = await PoolBench.StartAsync(pool => ByChance(pool) with
        {
            Retry = new RetryConfig { BudgetShare = 0, MinimumPerSecond = 0 },
            Health = pool.Health with { Passive = new PassiveHealthConfig { Enabled = false } },
        });
        bench.One.Play(Scripts.Reset);
        var failed = await bench.LoadAsync(40, atOnce: 1);
        Assert.Equal(bench.One.Calls.Count, failed.Count);
        Assert.Equal(40, bench.One.Calls.Count + bench.Two.Calls.Count);
        Assert.NotEmpty(failed);
        Assert.All(failed, failure => Assert.Contains("no_backend_available", failure, StringComparison.Ordinal));
    }

    /// <summary>Requests that are alike go to both servers.</summary>
    private static PoolConfig ByChance(PoolConfig pool) => pool with { Balancing = new BalancingConfig { Policy = BalancingPolicy.LeastOutstanding } };

    private static string TypeOf(UpstreamCall call) => call.Headers["Accept"].Single();

    private static Task StartAsync(UpstreamCall call) => call.StartAsync(TypeOf(call));
}
