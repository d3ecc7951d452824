using System.Net.Http.Headers;
using System.Text;
using Mka1.Edge.Gateway.Tests.Support;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>Promise: a body that is too large (413) or not plain UTF-8 JSON by its headers (415) is refused unread.</summary>
public sealed class RefusesWrongBodiesTests(RefusesWrongBodiesTests.SmallGateway small) : IClassFixture<RefusesWrongBodiesTests.SmallGateway>
{
    private const int MaxBytes = 4096;

    [Fact]
    public async Task A_body_of_exactly_the_limit_is_taken_and_one_byte_more_is_not()
    {
        var hello = GatewayFixture.Hello();
        using var fits = await small.Gateway.PostAsync(hello.PadRight(MaxBytes));
        Assert.True(fits.IsSuccessStatusCode, await fits.Content.ReadAsStringAsync());

        var before = small.Gateway.UpstreamCalls;
        using var exceeds = await small.Gateway.PostAsync(hello.PadRight(MaxBytes + 1));
        await exceeds.AssertRefusedAsync(413, "body_too_large");
        Assert.Equal(before, small.Gateway.UpstreamCalls);
    }

    [Fact]
    public async Task A_chunked_body_is_cut_off_at_the_limit()
    {
        var before = small.Gateway.UpstreamCalls;
        using var request = GatewayFixture.Create(GatewayFixture.Hello().PadRight(MaxBytes + 1));
        request.Headers.TransferEncodingChunked = true;
        using var answer = await small.Gateway.Client.SendAsync(request);
        await answer.AssertRefusedAsync(413, "body_too_large");
        Assert.Equal(before, small.Gateway.UpstreamCalls);
    }

    [Fact]
    public async Task A_chunked_body_within_the_limit_is_taken()
    {
        using var request = GatewayFixture.Create(GatewayFixture.Hello());
        request.Headers.TransferEncodingChunked = true;
        using var answer = await small.Gateway.Client.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_length_beyond_the_limit_is_refused_before_the_body_comes()
    {
        var answer = await RawHttp.ExchangeAsync(small.Gateway.Port, Head("Content-Type: application/json", "Content-Length: 999999999", "Connection: close"));
        Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
        Assert.Contains("body_too_large", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/jsonp")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=iso-8859-1")]
    [InlineData("application/json; charset=\"utf-16\"")]
    [InlineData("application/json, text/plain")]
    [InlineData("")]
    public async Task A_content_type_other_than_JSON_in_UTF_8_is_refused(string contentType)
    {
        var before = small.Gateway.UpstreamCalls;
        using var request = GatewayFixture.Create(GatewayFixture.Hello());
        request.Content!.Headers.ContentType = null;
        if (contentType.Length > 0) request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        using var answer = await small.Gateway.Client.SendAsync(request);
        await answer.AssertRefusedAsync(415, "unsupported_media_type");
        Assert.Equal(before, small.Gateway.UpstreamCalls);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json; charset=\"UTF-8\"")]
    [InlineData("APPLICATION/JSON")]
    public async Task JSON_in_UTF_8_is_taken_however_it_is_spelled(string contentType)
    {
        using var request = GatewayFixture.Create(GatewayFixture.Hello());
        request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        using var answer = await small.Gateway.Client.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("identity, gzip")]
    public async Task A_compressed_body_is_refused(string encoding)
    {
        var before = small.Gateway.UpstreamCalls;
        using var request = GatewayFixture.Create(GatewayFixture.Hello());
        request.Content!.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        using var answer = await small.Gateway.Client.SendAsync(request);
        await answer.AssertRefusedAsync(415, "unsupported_media_type");
        Assert.Equal(before, small.Gateway.UpstreamCalls);
    }

    [Fact]
    public async Task The_standard_limit_is_thirty_two_mebibytes()
    {
        await using var gateway = await GatewayFixture.StartAsync(config => config);
        Assert.Equal(32 * 1024 * 1024, new Configuration.LimitsConfig().MaxRequestBytes);
        var body = $$"""{"model":"mka1-mini","input":"{{new string('a', 9_000_000)}}"}""";
        using var answer = await gateway.PostAsync(body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        Assert.Contains(new string('a', 9_000_000), Assert.Single(gateway.Dense.Calls).Text, StringComparison.Ordinal);
    }

    private static string Head(params string[] headers)
    {
        var head = new StringBuilder("POST /api/v1/llm/responses HTTP/1.1\r\nHost: edge\r\n");
        head.Append("Authorization: Bearer ").Append(TestKeys.Acme).Append("\r\n");
        foreach (var header in headers) head.Append(header).Append("\r\n");
        return head.Append("\r\n").ToString();
    }

    public sealed class SmallGateway : IAsyncLifetime
    {
        public GatewayFixture Gateway { get; private set; } = null!;

        public async Task InitializeAsync() =>
            Gateway = await GatewayFixture.StartAsync(config => config with { Limits = config.Limits with { MaxRequestBytes = MaxBytes } });

        public async Task DisposeAsync() => await Gateway.DisposeAsync();
    }
}
