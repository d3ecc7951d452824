using System.Net;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Tests.Support;
using Mka1.Edge.Policies.Balancing;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>Promise: another model server is tried while the client has seen nothing of an answer; after the first byte never.</summary>
public sealed class TriesAnotherServerTests : IAsyncLifetime
{
    private GatewayFixture _gateway = null!;

    private ScriptedUpstream Other => _gateway.Quantized;

    /// <summary>The dense pool has two servers: its own, and the one of the quantized pool.</summary>
    public async Task InitializeAsync() => _gateway = await GatewayFixture.StartAsync(
        config => WithDense(config, ("other", config.Pools["quantized"].Destinations["one"].Address)));

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task A_server_that_resets_before_it_answers_is_passed_over()
    {
        _gateway.Dense.Play(Scripts.Reset);
        Other.Play(Scripts.Completed("from the other"));
        for (var i = 0; i < 20; i++)
        {
            using var answer = await _gateway.PostAsync(GatewayFixture.Hello(stream: i % 2 == 0));
            Assert.Contains("from the other", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        // Both were picked first at times, or the test would prove nothing.
        Assert.NotEmpty(_gateway.Dense.Calls);
        Assert.Equal(20, Other.Calls.Count);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_server_that_has_no_room_is_passed_over(int status)
    {
        _gateway.Dense.Play(Scripts.Json("""{"error":{"message":"Full."}}""", status));
        Other.Play(Scripts.Completed("from the other"));
        for (var i = 0; i < 20; i++)
        {
            using var answer = await _gateway.PostAsync(GatewayFixture.Hello(stream: i % 2 == 0));
            Assert.Contains("from the other", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.NotEmpty(_gateway.Dense.Calls);
        Assert.Equal(20, Other.Calls.Count);
    }

    [Fact]
    public async Task A_server_that_refuses_connections_is_passed_over()
    {
        using var dead = new DeadPort();
        await using var gateway = await GatewayFixture.StartAsync(config => WithDense(config, ("dead", dead.Address)));
        for (var i = 0; i < 10; i++)
        {
            using var answer = await gateway.PostAsync(GatewayFixture.Hello());
            Assert.True(answer.IsSuccessStatusCode);
        }
    }

    [Fact]
    public async Task When_no_server_answers_the_answer_is_503_with_a_time_to_retry_and_nothing_is_billed()
    {
        _gateway.Dense.Play(Scripts.Reset);
        Other.Play(Scripts.Reset);
        using var request = GatewayFixture.Create(GatewayFixture.Hello());
        request.Headers.Add("x-request-id", "nobody");
        using var answer = await _gateway.Client.SendAsync(request);
        await answer.AssertRefusedAsync(503, "no_backend_available");
        Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter?.Delta);
        Assert.Single(_gateway.Dense.Calls);
        Assert.Single(Other.Calls);
        Assert.Equal("UpstreamUnavailable", (await _gateway.SettledAsync("nobody")).Values["End"]?.ToString());
        Assert.Empty(_gateway.Ledger.Rows());
    }

    [Fact]
    public async Task A_server_whose_answer_has_begun_to_leave_is_the_last_however_badly_it_goes_on()
    {
        Func<UpstreamCall, Task>[] bad =
        [
            Scripts.StreamCut(Transcript.Opening()),
            Scripts.StreamCut(Transcript.Opening().Take(1)),
            Scripts.Stream([Transcript.Opening()[0].ToString(), "event: nonsense\ndata: nonsense\n\n"]),
        ];
        foreach (var script in bad)
        {
            _gateway.Dense.Play(script);
            Other.Play(script);
            using var answer = await _gateway.PostAsync(GatewayFixture.Hello(stream: true));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            StrictClient.AssertFailed(Wire.Events(await answer.Content.ReadAsStringAsync()), "upstream_error");
            Assert.Equal(1, _gateway.Dense.Calls.Count + Other.Calls.Count);
        }
    }

    [Fact]
    public async Task Load_goes_to_the_server_with_fewer_requests_under_way()
    {
        var goOn = new TaskCompletionSource();
        Func<UpstreamCall, Task> wait = async call => { await goOn.Task; await Scripts.Completed("x")(call); };
        _gateway.Dense.Play(wait);
        Other.Play(wait);
        var answers = new List<Task<HttpResponseMessage>>();
        for (var i = 1; i <= 10; i++)
        {
            var waiting = Task.WhenAny(_gateway.Dense.NextCallAsync(), Other.NextCallAsync());
            answers.Add(_gateway.PostAsync(GatewayFixture.Hello()));
            while (_gateway.Dense.Calls.Count + Other.Calls.Count < i) await Task.WhenAny(waiting, Task.Delay(5));
        }

        Assert.Equal((5, 5), (_gateway.Dense.Calls.Count, Other.Calls.Count));
        goOn.SetResult();
        foreach (var answer in await Task.WhenAll(answers)) answer.Dispose();
    }

    [Theory]
    [InlineData(401, 502, "upstream_error")]
    [InlineData(403, 502, "upstream_error")]
    [InlineData(404, 502, "upstream_error")]
    [InlineData(500, 502, "upstream_error")]
    [InlineData(501, 502, "upstream_error")]
    [InlineData(302, 502, "upstream_error")]
    [InlineData(204, 502, "upstream_error")]
    [InlineData(201, 502, "upstream_error")]
    [InlineData(413, 413, "body_too_large")]
    [InlineData(429, 503, "overloaded")]
    [InlineData(503, 503, "overloaded")]
    public async Task A_refusal_that_is_none_of_the_clients_business_keeps_its_words_to_itself(int said, int told, string code)
    {
        foreach (var stream in (bool[])[true, false])
        {
            var script = Scripts.Json(
                """{"error":{"message":"secret words of host 10.0.0.7","type":"x","param":"p","code":"secret_code"}}""",
                said, headers: "Location: http://10.0.0.7/\r\nWWW-Authenticate: Basic\r\n");
            _gateway.Dense.Play(script);
            Other.Play(script);
            using var answer = await _gateway.PostAsync(GatewayFixture.Hello(stream: stream));
            var error = await answer.AssertRefusedAsync(told, code);
            Assert.DoesNotContain("10.0.0.7", error.GetRawText() + answer.Headers, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", error.GetRawText(), StringComparison.Ordinal);
            if (told == 503) Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter?.Delta);

            // One that found the request itself at fault is believed; whatever else it says, the next may do better.
            Assert.Equal(said == 413 ? 1 : 2, _gateway.Dense.Calls.Count + Other.Calls.Count);
        }

        Assert.Empty(_gateway.Ledger.Rows());
    }

    [Theory]
    [InlineData("""{"error":{"message":"Too long.","type":"x","param":"input","code":"context_length_exceeded"}}""", "context_length_exceeded", "Too long.", "input")]
    [InlineData("""{"error":{"message":"Odd.","type":"x","param":null,"code":"odd_code"}}""", "invalid_value", "Odd.", null)]
    [InlineData("""{"error":{"message":"Odd.","code":7,"param":7}}""", "invalid_value", "Odd.", null)]
    [InlineData("""{"error":"text"}""", "invalid_value", "The model server refused the request as invalid.", null)]
    [InlineData("""{"error":{"message":"\ud800"}}""", "invalid_value", "The model server refused the request as invalid.", null)]
    [InlineData("""[]""", "invalid_value", "The model server refused the request as invalid.", null)]
    [InlineData("<html>", "invalid_value", "The model server refused the request as invalid.", null)]
    [InlineData("", "invalid_value", "The model server refused the request as invalid.", null)]
    public async Task A_refusal_the_client_can_act_on_goes_on_with_message_code_and_param(string body, string code, string message, string? param)
    {
        foreach (var status in (int[])[400, 422])
        {
            _gateway.Dense.Play(Scripts.Json(body, status));
            Other.Play(_gateway.Dense.Script);
            using var answer = await _gateway.PostAsync(GatewayFixture.Hello(stream: status == 400));
            var error = await answer.AssertRefusedAsync(400, code);
            Assert.Equal(message, error.GetProperty("message").GetString());
            Assert.Equal(param, error.GetProperty("param").GetString());
        }
    }

    [Fact]
    public async Task A_refusal_of_endless_words_is_cut()
    {
        _gateway.Dense.Play(Scripts.Json($$$"""{"error":{"message":"{{{new string('x', 5000)}}}","code":"invalid_value"}}""", 400));
        Other.Play(_gateway.Dense.Script);
        using var answer = await _gateway.PostAsync(GatewayFixture.Hello());
        var error = await answer.AssertRefusedAsync(400);
        Assert.Equal(1000, error.GetProperty("message").GetString()!.Length);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private static EdgeConfig WithDense(EdgeConfig config, (string Name, string Address) more)
    {
        var pools = config.Pools.ToDictionary(p => p.Key, p => p.Value);
        pools["dense"] = pools["dense"] with
        {
            // By chance among equals: the requests of these tests are alike, and affinity would send them all to one.
            Balancing = new BalancingConfig { Policy = BalancingPolicy.LeastOutstanding },
            Destinations = new Dictionary<string, DestinationConfig>(pools["dense"].Destinations) { [more.Name] = new() { Address = more.Address } },
        };
        return config with { Pools = pools };
    }
}
