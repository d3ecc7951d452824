using System.Globalization;
using System.Text;

namespace Mka1.Edge.Security.Tests.Framing;

/// <summary>Promise: what no decent client sends is answered with the status that is written here, and never as two requests (reliability.md 3.3).</summary>
public sealed class ProbesTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    private const string Target = "/api/v1/llm/responses";

    private static readonly string Body = GatewayFixture.Hello(extra: "\"store\":false");
    private static readonly string Length = $"Content-Length: {Body.Length}";
    private static readonly string Chunked = $"{Body.Length:x}\r\n{Body}\r\n0\r\n\r\n";

    /// <summary>What, request line, headers, body, statuses that will do.</summary>
    public static TheoryData<string, string, string[], string, int[]> Probes => new()
    {
        { "HTTP/9.9", $"POST {Target} HTTP/9.9", [Length], Body, [505] },
        { "HTTP/1.2", $"POST {Target} HTTP/1.2", [Length], Body, [505] },
        { "no version", $"POST {Target}", [Length], Body, [400] },
        { "a URL of 9 KB", $"GET {Target}?{new string('a', 9000)} HTTP/1.1", [], "", [414] },
        { "101 headers", $"POST {Target} HTTP/1.1", [.. Enumerable.Range(0, 101).Select(i => $"X-{i}: a"), Length], Body, [431] },
        { "33 KB of headers", $"POST {Target} HTTP/1.1", [$"X-A: {new string('a', 33_000)}", Length], Body, [431] },
        { "host with a slash", $"POST {Target} HTTP/1.1", ["Host: a/b", Length], Body, [400] },
        { "absolute form of another host", $"POST http://other{Target} HTTP/1.1", [Length], Body, [400] },
        { "asterisk form", "OPTIONS * HTTP/1.1", [], "", [401, 404, 405] },
        { "NUL in the path", "GET /api/v1/llm/%00 HTTP/1.1", [], "", [400] },
        { "full-width digits as length", $"POST {Target} HTTP/1.1", ["Content-Length: \uff15"], Body, [400] },
        { "empty length", $"POST {Target} HTTP/1.1", ["Content-Length:"], Body, [400] },
        { "length in two words", $"POST {Target} HTTP/1.1", ["Content-Length: 5 5"], Body, [400] },
        { "header name with NUL", $"POST {Target} HTTP/1.1", ["X\0A: b", Length], Body, [400] },
        { "header without a name", $"POST {Target} HTTP/1.1", [": b", Length], Body, [400] },
        { "an extension of 20 KB", $"POST {Target} HTTP/1.1", ["Transfer-Encoding: chunked"], $"{Body.Length:x};{new string('a', 20_000)}\r\n{Body}\r\n0\r\n\r\n", [200, 400, 413] },
        { "h2c", $"POST {Target} HTTP/1.1", ["Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA", "Connection: Upgrade, HTTP2-Settings", Length], Body, [200] },
        { "websocket", "GET /api/v1/llm/responses HTTP/1.1", ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13"], "", [200, 400, 404] },
        { "compressed body", $"POST {Target} HTTP/1.1", ["Content-Encoding: gzip", Length], Body, [415] },
        { "a method of one's own", $"BREW {Target} HTTP/1.1", [], "", [404, 405, 501] },
        { "method in lower case", $"post {Target} HTTP/1.1", [Length], Body, [200, 400, 404, 405, 501] },
        { "another method by a header", $"POST {Target} HTTP/1.1", ["X-HTTP-Method-Override: DELETE", "X-Original-URL: /api/v1/llm/keys", "X-Rewrite-URL: /api/v1/llm/keys", Length], Body, [200] },
        { "two end users", $"POST {Target} HTTP/1.1", ["X-On-Behalf-Of: a", "x-on-behalf-of: b", Length], Body, [400] },
        { "an underscore for a dash", $"POST {Target} HTTP/1.1", ["Transfer_Encoding: chunked", "Content_Length: 4", Length], Body, [200, 400] },
    };

    [Theory]
    [MemberData(nameof(Probes))]
    public async Task It_is_answered_once_and_as_written_here(string what, string line, string[] headers, string body, int[] statuses)
    {
        var host = headers.Any(header => header.StartsWith("Host:", StringComparison.Ordinal)) ? "" : "Host: edge\r\n";
        var connection = headers.Any(header => header.StartsWith("Connection:", StringComparison.Ordinal)) ? "" : "Connection: close\r\n";
        var request = new StringBuilder($"{line}\r\n{host}{connection}Authorization: Bearer {TestKeys.Acme}\r\nContent-Type: application/json\r\n");
        foreach (var header in headers) request.Append(header).Append("\r\n");
        using var raw = await RawHttp.ConnectAsync(gateway.Port);
        await raw.SendAsync(request.Append("\r\n").Append(body).ToString());
        var answer = connection.Length == 0 ? await raw.ReadUntilAsync("\r\n\r\n") : await raw.ReadToEndAsync();
        Assert.True(answer.StartsWith("HTTP/1.1 ", StringComparison.Ordinal), $"{what}: {answer}");
        Assert.Contains(int.Parse(answer.AsSpan(9, 3), CultureInfo.InvariantCulture), statuses);
        Assert.Equal(1, answer.Split("HTTP/1.1 ").Length - 1);
        Assert.DoesNotContain("Server:", answer, StringComparison.OrdinalIgnoreCase);
        Envelope.AssertNothingInside(answer);
        Assert.DoesNotContain(gateway.Log.Lines, logged => logged.Exception is not null);
    }

    [Fact]
    public async Task Lines_that_end_with_a_line_feed_alone_are_one_request()
    {
        var answer = await RawHttp.ExchangeAsync(
            gateway.Port, $"POST {Target} HTTP/1.1\nHost: edge\nConnection: close\nAuthorization: Bearer {TestKeys.Acme}\nContent-Type: application/json\nTransfer-Encoding: chunked\n\n{Chunked}");
        Assert.Equal(1, answer.Split("HTTP/1.1 ").Length - 1);
        Assert.Matches("^HTTP/1.1 (200|400) ", answer);
    }
}
