using System.Net;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Tests.Support;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>Promise: web pages may call from the origins that the configuration names, and from no others.</summary>
public sealed class AllowsWebPagesTests
{
    private const string Page = "https://app.example.com";

    [Fact]
    public async Task Nobody_is_allowed_unless_the_configuration_says_so()
    {
        await using var gateway = await GatewayFixture.StartAsync(config => config);
        using var asked = await AskAsync(gateway, Page);
        Assert.Equal(HttpStatusCode.Unauthorized, asked.StatusCode);
        Assert.False(asked.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task A_page_of_a_named_origin_may_call_and_read_what_it_needs()
    {
        await using var gateway = await GatewayFixture.StartAsync(config => config with { Cors = new() { Origins = [Page], MaxAgeSeconds = 60 } });
        using var asked = await AskAsync(gateway, Page);
        Assert.Equal((HttpStatusCode.NoContent, Page), (asked.StatusCode, Value(asked, "Access-Control-Allow-Origin")));
        Assert.Equal(("60", "authorization,content-type"), (Value(asked, "Access-Control-Max-Age"), Value(asked, "Access-Control-Allow-Headers")));
        Assert.False(asked.Headers.Contains("Access-Control-Allow-Credentials"));

        // A refusal, too: else the page could not tell why.
        foreach (var key in new[] { TestKeys.Acme, "wrong" })
        {
            using var request = GatewayFixture.Create(GatewayFixture.Hello(), key);
            request.Headers.Add("Origin", Page);
            using var answer = await gateway.Client.SendAsync(request);
            Assert.Equal(Page, Value(answer, "Access-Control-Allow-Origin"));
            Assert.Contains("x-request-id", Value(answer, "Access-Control-Expose-Headers"), StringComparison.OrdinalIgnoreCase);
        }

        using var stranger = await AskAsync(gateway, "https://evil.example");
        Assert.False(stranger.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Any_origin_is_any_and_never_with_credentials()
    {
        await using var gateway = await GatewayFixture.StartAsync(config => config with { Cors = new() { Origins = ["*"] } });
        using var asked = await AskAsync(gateway, "https://anywhere.example");
        Assert.Equal("*", Value(asked, "Access-Control-Allow-Origin"));
        Assert.False(asked.Headers.Contains("Access-Control-Allow-Credentials"));
        var refused = Assert.Throws<EdgeConfigException>(() => EdgeSnapshot.Build(new EdgeConfig { Cors = new() { Origins = ["*"], Credentials = true } }));
        Assert.Contains("cors.credentials: not together with the origin '*'", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("app.example.com")]
    [InlineData("https://app.example.com/")]
    [InlineData("https://app.example.com/path")]
    [InlineData("ftp://app.example.com")]
    [InlineData("https://*.example.com")]
    [InlineData("https://me@app.example.com")]
    [InlineData("null")]
    public void What_is_no_origin_is_refused(string origin)
    {
        var refused = Assert.Throws<EdgeConfigException>(() => EdgeSnapshot.Build(new EdgeConfig { Cors = new() { Origins = [origin] } }));
        Assert.Contains("cors.origins[0]: ", refused.Message, StringComparison.Ordinal);
    }

    private static string Value(HttpResponseMessage answer, string name) => string.Join(',', answer.Headers.GetValues(name));

    private static Task<HttpResponseMessage> AskAsync(GatewayFixture gateway, string origin)
    {
        var request = new HttpRequestMessage(HttpMethod.Options, "/api/v1/llm/responses");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
        return gateway.Client.SendAsync(request);
    }
}
