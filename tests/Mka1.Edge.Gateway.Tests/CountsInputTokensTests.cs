using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Tests.Support;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>Promise: POST /responses/input_tokens says how many tokens a create request would have the model read, and begins no run.</summary>
public sealed class CountsInputTokensTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "\"stream_options\":{\"include_obfuscation\":true}")]
    [InlineData(false, "\"background\":true,\"truncation\":\"disabled\"")]
    public async Task The_model_server_counts_what_it_would_get(bool stream, string extra)
    {
        var booked = gateway.Ledger.Rows().Count;
        gateway.Dense.Play(Scripts.Json("""{"object":"response.input_tokens","input_tokens":42}"""));
        using var answer = await PostAsync(GatewayFixture.Hello(stream: stream, extra: extra));
        Assert.Equal("""{"object":"response.input_tokens","input_tokens":42}""", Normal(await answer.Content.ReadAsStringAsync()));

        var call = Assert.Single(gateway.Dense.Calls);
        Assert.StartsWith("POST /v1/responses/input_tokens HTTP/1.1", call.Head);
        Assert.Equal(["Bearer " + GatewayFixture.UpstreamApiKey], call.Headers["Authorization"]);
        Assert.Equal([.. answer.Headers.GetValues("x-request-id")], call.Headers["x-request-id"]);
        Assert.Equal("dense-on-server", call.Json.GetProperty("model").GetString());
        Assert.Equal("Say hello.", call.Json.GetProperty("input").GetString());
        foreach (var name in (string[])["stream", "stream_options", "background"]) Assert.False(call.Json.TryGetProperty(name, out _), name);
        Assert.Equal(booked, gateway.Ledger.Rows().Count);
    }

    [Fact]
    public async Task What_the_request_refers_to_is_counted_too()
    {
        gateway.Dense.Play(Scripts.Completed("hello"));
        using var first = await gateway.PostAsync(GatewayFixture.Hello());
        var id = JsonDocument.Parse(await first.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetString();
        gateway.Dense.Play(Scripts.Json("""{"input_tokens":7}"""));
        using var answer = await PostAsync(GatewayFixture.Hello(extra: $"\"previous_response_id\":\"{id}\""));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        Assert.Equal(3, Assert.Single(gateway.Dense.Calls).Json.GetProperty("input").GetArrayLength());

        gateway.Dense.Play(Scripts.Json("""{"input_tokens":7}"""));
        using var foreign = await PostAsync(GatewayFixture.Hello(extra: $"\"previous_response_id\":\"{id}\""), TestKeys.Globex);
        await foreign.AssertRefusedAsync(400, "previous_response_not_found", "previous_response_id");
        Assert.Empty(gateway.Dense.Calls);
    }

    [Fact]
    public async Task Refusals_come_before_the_model_server_is_asked()
    {
        gateway.Dense.Play(Scripts.Json("""{"input_tokens":7}"""));
        using var noModel = await PostAsync("""{"input":"x"}""");
        await noModel.AssertRefusedAsync(400, "missing_required_parameter", "model");
        using var unknown = await PostAsync(GatewayFixture.Hello(model: "nobody"));
        await unknown.AssertRefusedAsync(404, "model_not_found", "model");
        using var blocked = await PostAsync(GatewayFixture.Hello(extra: $"\"safety_identifier\":\"{GatewayFixture.BlockedUser}\""));
        await blocked.AssertRefusedAsync(403, "safety_blocked");
        using var keyless = await PostAsync(GatewayFixture.Hello(), TestKeys.Unknown);
        await keyless.AssertRefusedAsync(401, "invalid_api_key");
        Assert.Empty(gateway.Dense.Calls);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"input_tokens":-1}""")]
    [InlineData("""{"input_tokens":"7"}""")]
    [InlineData("""{"input_tokens":1.5}""")]
    [InlineData("""{"input_tokens":9007199254740992}""")]
    public async Task An_answer_without_a_count_is_no_count(string body)
    {
        gateway.Dense.Play(Scripts.Json(body));
        using var answer = await PostAsync(GatewayFixture.Hello());
        await answer.AssertRefusedAsync(502, "upstream_error");
    }

    [Theory]
    [InlineData(400, "context_length_exceeded", 400, "context_length_exceeded")]
    [InlineData(500, "whatever", 502, "upstream_error")]
    [InlineData(404, "not_found", 502, "upstream_error")]
    [InlineData(503, "overloaded", 503, "overloaded")]
    [InlineData(429, "rate_limit_exceeded", 503, "overloaded")]
    public async Task A_refusal_of_the_model_server_is_told_as_for_a_run(int upstream, string code, int status, string expected)
    {
        gateway.Dense.Play(Scripts.Json($$$"""{"error":{"message":"Too long.","code":"{{{code}}}","param":"input"}}""", upstream));
        using var answer = await PostAsync(GatewayFixture.Hello());
        await answer.AssertRefusedAsync(status, expected);
    }

    [Fact]
    public async Task Another_server_is_asked_when_one_does_not_answer()
    {
        using var dead = new DeadPort();
        await using var two = await GatewayFixture.StartAsync(config => config with
        {
            Pools = config.Pools.ToDictionary(
                pool => pool.Key,
                pool => pool.Value with
                {
                    Destinations = new Dictionary<string, DestinationConfig>(pool.Value.Destinations) { ["dead"] = new() { Address = dead.Address } },
                }),
        });
        two.Dense.Play(Scripts.Json("""{"input_tokens":7}"""));
        for (var i = 0; i < 8; i++)
        {
            using var answer = await two.Client.SendAsync(Request(GatewayFixture.Hello(), TestKeys.Acme));
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        }

        two.Dense.Play(Scripts.Reset);
        using var none = await two.Client.SendAsync(Request(GatewayFixture.Hello(), TestKeys.Acme));
        await none.AssertRefusedAsync(503, "no_backend_available");
    }

    [Fact]
    public async Task A_server_that_stays_silent_is_given_up()
    {
        await using var hasty = await GatewayFixture.StartAsync(config => config with
        {
            Pools = config.Pools.ToDictionary(pool => pool.Key, pool => pool.Value with { FirstByteTimeoutSeconds = 1 }),
        });
        hasty.Dense.Play(Scripts.Silence);
        using var answer = await hasty.Client.SendAsync(Request(GatewayFixture.Hello(), TestKeys.Acme));
        await answer.AssertRefusedAsync(504, "upstream_timeout");
    }

    private Task<HttpResponseMessage> PostAsync(string body, string? key = null) => gateway.Client.SendAsync(Request(body, key ?? TestKeys.Acme));

    private static HttpRequestMessage Request(string body, string key)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/llm/responses/input_tokens") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return request;
    }

    /// <summary>Members in the documented order, whatever the order they came in.</summary>
    private static string Normal(string json)
    {
        var root = JsonDocument.Parse(json).RootElement;
        Assert.Equal(2, root.EnumerateObject().Count());
        return $$"""{"object":"{{root.GetProperty("object").GetString()}}","input_tokens":{{root.GetProperty("input_tokens").GetRawText()}}}""";
    }
}
