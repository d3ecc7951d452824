using System.Text;

namespace Mka1.Edge.Security.Tests.Framing;

/// <summary>Promise: a model server gets headers from a short list, and nothing of it but content reaches a client (reliability.md 3.3).</summary>
public sealed class KeepsHeadersApartTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    private const string Canary = "spoofed-by-client";

    private static readonly string[] SpoofList =
    [
        "X-Internal-Tenant", "X-Internal-User", "X-Tenant", "X-Tenant-Id", "X-User", "X-User-Id", "X-Authz-Scopes",
        "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix", "Forwarded", "X-Real-IP", "X-Original-URL",
        "X-Original-Host", "X-Rewrite-URL", "X-HTTP-Method-Override", "X-Envoy-Original-Path", "X-Envoy-Internal", "X-Content-Length",
        "Proxy-Authorization", "Proxy-Connection", "Cookie", "api-key", "X-Api-Key", "OpenAI-Organization", "OpenAI-Project", "OpenAI-Beta",
        "baggage", "tracestate", "User-Agent", "Referer", "Origin", "Accept-Language", "If-None-Match", "Range",
        "X-Mka1-Anything", "Via", "Max-Forwards", "Correlation-Context", "Request-Id", "x-b3-traceid",
    ];

    /// <summary>What a model server may see, and nothing else.</summary>
    private static readonly string[] Allowed =
        ["Host", "Accept", "x-request-id", "endpoint-load-metrics-format", "Authorization", "traceparent", "Content-Type", "Content-Length"];

    public static TheoryData<bool> Streamed => [true, false];

    [Theory]
    [MemberData(nameof(Streamed))]
    public async Task No_header_of_the_client_reaches_a_model_server_whatever_its_spelling(bool stream)
    {
        gateway.Dense.Play(Scripts.Completed("ok"));
        var head = new StringBuilder();
        foreach (var name in SpoofList)
        {
            foreach (var spelling in (string[])[name, name.ToUpperInvariant(), name.Replace('-', '_')])
                head.Append($"{spelling}: {Canary}\r\n{spelling}: {Canary}-2\r\n");
        }

        // The gateway's own business, and sent once: it is checked, not ignored.
        head.Append($"Idempotency-Key: {Canary}-{stream}\r\n");

        // Kestrel takes 100 headers a request, so the list goes in several requests.
        foreach (var part in head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Chunk(80))
        {
            using var answer = RawHttp.Parse(await RawHttp.ExchangeAsync(gateway.Port, Raw(stream, string.Concat(part.Select(line => line + "\r\n")))));
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        }

        Assert.NotEmpty(gateway.Dense.Calls);
        foreach (var call in gateway.Dense.Calls)
        {
            Assert.DoesNotContain(Canary, call.Head + call.Text, StringComparison.OrdinalIgnoreCase);
            Assert.Empty(call.Headers.Select(h => h.Key).Except(Allowed, StringComparer.OrdinalIgnoreCase));
            Assert.All(call.Headers, h => Assert.Single(h));
        }
    }

    [Fact]
    public async Task A_header_named_by_Connection_cannot_take_one_of_the_gateways_away()
    {
        gateway.Dense.Play(Scripts.Completed("ok"));
        await RawHttp.ExchangeAsync(gateway.Port, Raw(false, "Connection: close, Authorization, x-request-id, traceparent\r\n"));
        var call = Assert.Single(gateway.Dense.Calls);
        Assert.Equal(["Bearer " + GatewayFixture.UpstreamApiKey], call.Headers["Authorization"]);
        Assert.Single(call.Headers["x-request-id"]);
    }

    [Theory]
    [MemberData(nameof(Streamed))]
    public async Task The_clients_key_and_end_user_never_reach_a_model_server_and_the_pools_key_does(bool stream)
    {
        gateway.Dense.Play(Scripts.Completed("ok"));
        using var request = GatewayFixture.Create(GatewayFixture.Hello(stream: stream, extra:
            "\"user\":\"canary-user\",\"safety_identifier\":\"canary-safety\",\"prompt_cache_key\":\"canary-cache\",\"metadata\":{\"k\":\"canary-metadata\"}"));
        request.Headers.Add("X-On-Behalf-Of", "canary-end-user");
        using var answer = await gateway.Client.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode);

        var call = Assert.Single(gateway.Dense.Calls);
        Assert.DoesNotContain(TestKeys.Acme, call.Head + call.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", call.Head + call.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(["Bearer " + GatewayFixture.UpstreamApiKey], call.Headers["Authorization"]);
        Assert.Equal(["application/json"], call.Headers["Content-Type"]);
        Assert.Equal([stream ? "text/event-stream" : "application/json"], call.Headers["Accept"]);
    }

    [Fact]
    public async Task Prompts_share_a_model_servers_cache_within_one_tenant_end_user_and_cache_key()
    {
        async Task<string> KeyAsync(string extra, string? endUser = null, string? key = null)
        {
            gateway.Dense.Play(Scripts.Completed("ok"));
            using var request = GatewayFixture.Create(GatewayFixture.Hello(extra: "\"store\":false" + extra));
            if (endUser is not null) request.Headers.Add("X-On-Behalf-Of", endUser);
            if (key is not null) request.Headers.Authorization = new("Bearer", key);
            using var answer = await gateway.Client.SendAsync(request);
            Assert.True(answer.IsSuccessStatusCode);
            return Assert.Single(gateway.Dense.Calls).Json.GetProperty("prompt_cache_key").GetString()!;
        }

        string[] apart =
        [
            await KeyAsync(""), await KeyAsync("", "ann"), await KeyAsync("", "bob"), await KeyAsync("", key: TestKeys.Globex),
            await KeyAsync(",\"prompt_cache_key\":\"k\""), await KeyAsync(",\"prompt_cache_key\":\"k\"", "ann"), await KeyAsync(",\"prompt_cache_key\":\"k\"", key: TestKeys.Globex),
        ];
        Assert.Equal(apart.Length, apart.Distinct().Count());
        Assert.All(apart, key => Assert.Matches("^[0-9a-f]{32}$", key));
        Assert.Equal(apart[1], await KeyAsync("", "ann"));
        Assert.Equal(apart[4], await KeyAsync(",\"prompt_cache_key\":\"k\""));
    }

    [Fact]
    public async Task A_pool_without_a_key_sends_none()
    {
        await using var keyless = await GatewayFixture.StartAsync(config => config with
        {
            Pools = config.Pools.ToDictionary(p => p.Key, p => p.Value with
            {
                Destinations = p.Value.Destinations.ToDictionary(d => d.Key, d => d.Value with { ApiKey = null }),
            }),
        });
        using var answer = await keyless.PostAsync(GatewayFixture.Hello());
        Assert.True(answer.IsSuccessStatusCode);
        Assert.Empty(Assert.Single(keyless.Dense.Calls).Headers["Authorization"]);
    }

    [Fact]
    public async Task The_request_id_goes_on_to_the_model_server_and_no_trace_of_the_client()
    {
        gateway.Dense.Play(Scripts.Completed("ok"));
        using var request = GatewayFixture.Create(GatewayFixture.Hello());
        request.Headers.Add("x-request-id", "my-id_1.2");
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        using var answer = await gateway.Client.SendAsync(request);

        var call = Assert.Single(gateway.Dense.Calls);
        Assert.Equal(["my-id_1.2"], call.Headers["x-request-id"]);
        Assert.Equal(["my-id_1.2"], answer.Headers.GetValues("x-request-id"));
        Assert.Empty(call.Headers["traceparent"]);
    }

    [Theory]
    [InlineData("has space")]
    [InlineData("<script>")]
    [InlineData("a%0aERROR forged")]
    [InlineData("\u001b[31m")]
    public async Task A_request_id_unfit_for_a_log_is_replaced(string id)
    {
        gateway.Dense.Play(Scripts.Completed("ok"));
        using var answer = RawHttp.Parse(await RawHttp.ExchangeAsync(gateway.Port, Raw(false, $"x-request-id: {id}\r\n")));
        var given = Assert.Single(answer.Headers.GetValues("x-request-id"));
        Assert.Matches("^req_[0-9a-f]{32}$", given);
        Assert.Equal([given], Assert.Single(gateway.Dense.Calls).Headers["x-request-id"]);
    }

    [Fact]
    public async Task An_overlong_request_id_is_replaced()
    {
        using var request = GatewayFixture.Create(GatewayFixture.Hello());
        request.Headers.Add("x-request-id", new string('i', 129));
        using var answer = await gateway.Client.SendAsync(request);
        Assert.StartsWith("req_", Assert.Single(answer.Headers.GetValues("x-request-id")), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Streamed))]
    public async Task No_header_of_a_model_server_reaches_the_client(bool stream)
    {
        const string hostile =
            "endpoint-load-metrics: TEXT named_metrics.num_requests_waiting=1\r\nSet-Cookie: session=upstream\r\nServer: upstream/1.0\r\nX-Powered-By: upstream\r\nAlt-Svc: h3=\":443\"\r\nx-request-id: upstream\r\n"
            + "Via: 1.1 upstream\r\nStrict-Transport-Security: max-age=1\r\nAccess-Control-Allow-Origin: *\r\nx-ratelimit-limit-requests: upstream\r\n"
            + "Location: http://upstream/\r\nRetry-After: 1000\r\nWWW-Authenticate: Basic realm=upstream\r\nX-Backend: upstream\r\nETag: \"upstream\"\r\n";
        var body = stream ? string.Concat(Transcript.Text("Hello")) : Transcript.Response("Hello");
        gateway.Dense.Play(Scripts.Json(body, contentType: stream ? "text/event-stream" : "application/json", headers: hostile));
        using var answer = await gateway.PostAsync(GatewayFixture.Hello(stream: stream));
        Assert.True(answer.IsSuccessStatusCode);

        var headers = answer.Headers.Concat(answer.Content.Headers).ToDictionary(h => h.Key, h => string.Join(',', h.Value));
        Assert.DoesNotContain(headers, h => h.Value.Contains("upstream", StringComparison.OrdinalIgnoreCase));
        Assert.Empty(headers.Keys.Except(
            ["Date", "Content-Type", "Content-Length", "Transfer-Encoding", "x-request-id", "Cache-Control", "X-Accel-Buffering"],
            StringComparer.OrdinalIgnoreCase));
    }

    private static string Raw(bool stream, string headers)
    {
        var body = GatewayFixture.Hello(stream: stream);
        var connection = headers.StartsWith("Connection:", StringComparison.Ordinal) ? "" : "Connection: close\r\n";
        return $"POST /api/v1/llm/responses HTTP/1.1\r\nHost: edge\r\n{connection}Authorization: Bearer {TestKeys.Acme}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n{headers}\r\n{body}";
    }
}
