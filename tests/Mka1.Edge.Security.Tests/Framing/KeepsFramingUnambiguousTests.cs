using System.Text;

namespace Mka1.Edge.Security.Tests.Framing;

/// <summary>Promise: a request whose framing two parsers could read in two ways is refused and its connection closed (reliability.md 3.3).</summary>
public sealed class KeepsFramingUnambiguousTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    private static readonly string Body = GatewayFixture.Hello();
    private static readonly string Length = $"Content-Length: {Body.Length}";
    private static readonly string Chunked = $"{Body.Length:x}\r\n{Body}\r\n0\r\n\r\n";

    public static TheoryData<string, string[], string> Ambiguous => new()
    {
        { "both lengths", [Length, "Transfer-Encoding: chunked"], Chunked },
        { "both lengths, other order", ["Transfer-Encoding: chunked", "Content-Length: 4"], Chunked },
        { "compressed transfer", ["Transfer-Encoding: gzip, chunked"], Chunked },
        { "chunked twice", ["Transfer-Encoding: chunked, chunked"], Chunked },
        { "chunked in two headers", ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"], Chunked },
        { "identity", ["Transfer-Encoding: identity"], Body },
        { "chunked then identity", ["Transfer-Encoding: chunked, identity"], Chunked },
        { "xchunked", ["Transfer-Encoding: xchunked"], Chunked },
        { "quoted chunked", ["Transfer-Encoding: \"chunked\""], Chunked },
        { "vertical tab", ["Transfer-Encoding: \vchunked"], Chunked },
        { "space before colon", ["Transfer-Encoding : chunked"], Chunked },
        { "two lengths", [Length, "Content-Length: 0"], Body },
        { "two equal lengths", [Length, Length], Body },
        { "length list", [$"Content-Length: {Body.Length},{Body.Length}"], Body },
        { "negative length", ["Content-Length: -5"], Body },
        { "hexadecimal length", ["Content-Length: 0x5"], Body },
        { "endless length", ["Content-Length: 99999999999999999999"], Body },
        { "folded header", ["X-A: b\r\n c", Length], Body },
        { "header without colon", ["Nonsense", Length], Body },
        { "space in a name", ["X A: b", Length], Body },
        { "NUL in a value", ["X-A: b\0c", Length], Body },
        { "CR in a value", ["X-A: b\rc", Length], Body },
        { "two hosts", ["Host: other", Length], Body },
        { "LF in a chunk extension", ["Transfer-Encoding: chunked"], $"{Body.Length:x};\nxx\r\n{Body}\r\n0\r\n\r\n" },
        { "CR in a chunk extension", ["Transfer-Encoding: chunked"], $"{Body.Length:x};\rxx\r\n{Body}\r\n0\r\n\r\n" },
        { "chunk size ended by LF", ["Transfer-Encoding: chunked"], $"{Body.Length:x}\n{Body}\r\n0\r\n\r\n" },
        { "chunk size 0x", ["Transfer-Encoding: chunked"], $"0x{Body.Length:x}\r\n{Body}\r\n0\r\n\r\n" },
        { "negative chunk size", ["Transfer-Encoding: chunked"], $"-{Body.Length:x}\r\n{Body}\r\n0\r\n\r\n" },
        { "endless chunk size", ["Transfer-Encoding: chunked"], $"fffffffffffffffff\r\n{Body}\r\n0\r\n\r\n" },
        { "chunk without its end", ["Transfer-Encoding: chunked"], $"{Body.Length:x}\r\n{Body}0\r\n\r\n" },
    };

    [Theory]
    [MemberData(nameof(Ambiguous))]
    public async Task It_is_refused_with_400_and_the_connection_is_closed(string what, string[] headers, string body)
    {
        Assert.NotEmpty(what);
        var before = gateway.UpstreamCalls;
        var smuggled = Request("GET", "/api/v1/llm/models", [], "");

        // The read ends only when the gateway closes: a connection kept open would fail here.
        var answer = await RawHttp.ExchangeAsync(gateway.Port, Request("POST", "/api/v1/llm/responses", headers, body) + smuggled);
        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Equal(1, Count(answer, "HTTP/1.1 "));
        Assert.DoesNotContain("Server:", answer, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(before, gateway.UpstreamCalls);
    }

    [Theory]
    [InlineData("TRACE", "/api/v1/llm/responses")]
    [InlineData("TRACE", "/")]
    [InlineData("CONNECT", "edge:443")]
    public async Task TRACE_and_CONNECT_are_not_served(string method, string target)
    {
        using var answer = RawHttp.Parse(await RawHttp.ExchangeAsync(gateway.Port, Request(method, target, [], "")));
        await answer.AssertRefusedAsync(405, "method_not_allowed");
    }

    [Fact]
    public async Task Two_keys_pipelined_on_one_connection_each_get_their_own_answer()
    {
        gateway.Quantized.Play(Scripts.Completed("from the quantized one"));
        using var raw = await RawHttp.ConnectAsync(gateway.Port);
        var first = GatewayFixture.Hello("mka1-mini-dense", extra: "\"metadata\":{\"whose\":\"globex\"}");
        var second = GatewayFixture.Hello("mka1-mini-quantized", extra: "\"metadata\":{\"whose\":\"acme\"}");
        await raw.SendAsync(
            Request("POST", "/api/v1/llm/responses", [$"Content-Length: {first.Length}", "x-request-id: first"], first, TestKeys.Globex)
            + Request("POST", "/api/v1/llm/responses", [$"Content-Length: {second.Length}", "x-request-id: second", "Connection: close"], second, TestKeys.QuantizedOnly));
        var answers = await raw.ReadToEndAsync();

        var split = answers.IndexOf("HTTP/1.1 200", 5, StringComparison.Ordinal);
        Assert.True(split > 0, answers);
        Assert.Contains("\"whose\":\"globex\"", answers[..split], StringComparison.Ordinal);
        Assert.Contains("\"whose\":\"acme\"", answers[split..], StringComparison.Ordinal);
        Assert.DoesNotContain("\"whose\":\"acme\"", answers[..split], StringComparison.Ordinal);
        await gateway.SettledAsync("first");
        await gateway.SettledAsync("second");
        Assert.Equal("mka1-mini-dense", Assert.Single(gateway.Ledger.Rows(), r => r.Owner.TenantId == "globex").Model);
        Assert.Equal("mka1-mini-quantized", Assert.Single(gateway.Ledger.Rows(), r => r.KeyId == "quantized-only").Model);
    }

    [Theory]
    [InlineData("/api/v1/llm/x/../responses", 200)]
    [InlineData("/api/v1/llm/x/%2e%2e/responses", 200)]
    [InlineData("/%61pi/v1/llm/responses", 200)]
    [InlineData("/api/v1/llm/responses/", 200)]
    [InlineData("/api/v1/llm/responses%0d%0aX-A:b", 404)]
    [InlineData("/api/v1/llm/..%2fllm%2fresponses", 404)]
    [InlineData("/api/v1/llm/x%2f..%2fresponses", 404)]
    [InlineData("/api/v1/llm/x%5c..%5cresponses", 404)]
    [InlineData("/api/v1/llm/responses;x=y", 404)]
    [InlineData("/api/v1/llm//responses", 404)]
    public async Task Paths_are_normalised_once_and_judged_after_that(string path, int status)
    {
        var answer = await RawHttp.ExchangeAsync(gateway.Port, Request("POST", path, [Length, "Connection: close"], Body));
        Assert.StartsWith($"HTTP/1.1 {status}", answer, StringComparison.Ordinal);
        var anonymous = await RawHttp.ExchangeAsync(gateway.Port, Request("POST", path, [Length, "Connection: close"], Body, key: null));
        Assert.StartsWith("HTTP/1.1 401", anonymous, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_break_in_a_path_forges_no_log_line_and_no_header()
    {
        var answer = await RawHttp.ExchangeAsync(
            gateway.Port, Request("GET", "/api/v1/llm/models/x%0d%0aSet-Cookie:a=b%0aERROR%20forged", ["Connection: close"], ""));
        Assert.StartsWith("HTTP/1.1 404", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("\nSet-Cookie", answer, StringComparison.Ordinal);
        Assert.DoesNotContain(gateway.Log.Lines, line => line.Text.Contains("\nERROR forged", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Trailers_are_not_forwarded()
    {
        gateway.Dense.Play(Scripts.Completed("ok"));
        var answer = await RawHttp.ExchangeAsync(gateway.Port, Request(
            "POST", "/api/v1/llm/responses", ["Transfer-Encoding: chunked", "Trailer: X-Tenant", "Connection: close"],
            $"{Body.Length:x}\r\n{Body}\r\n0\r\nX-Tenant: canary\r\nContent-Length: 5\r\n\r\n"));
        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        var call = Assert.Single(gateway.Dense.Calls);
        Assert.DoesNotContain("canary", call.Head + call.Text, StringComparison.Ordinal);
    }

    private static string Request(string method, string target, string[] headers, string body, string? key = "")
    {
        var request = new StringBuilder($"{method} {target} HTTP/1.1\r\nHost: edge{(method == "CONNECT" ? ":443" : "")}\r\nContent-Type: application/json\r\n");
        if (key is not null) request.Append($"Authorization: Bearer {(key.Length == 0 ? TestKeys.Acme : key)}\r\n");
        foreach (var header in headers) request.Append(header).Append("\r\n");
        return request.Append("\r\n").Append(body).ToString();
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
