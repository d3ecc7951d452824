using Mka1.Edge.Gateway.Tests.Support;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>Promise: nothing is served without a valid key, and nobody acts for an end user who may not.</summary>
public sealed class KnowsItsCallersTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    public static TheoryData<string> BadAuthorizations =>
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic " + TestKeys.Acme,
        TestKeys.Acme,
        "Bearer " + TestKeys.Unknown,
        "Bearer " + TestKeys.Expired,
        "Bearer " + TestKeys.Acme[..^1],
        "Bearer " + TestKeys.Acme + "x",
        "Bearer " + TestKeys.Acme.ToUpperInvariant(),
        "Bearer  " + TestKeys.Acme,
        "Bearer " + TestKeys.Acme + ", Bearer " + TestKeys.Acme,
        "Bearer " + TestKeys.Acme.Replace("mk-", "mk\u00ad", StringComparison.Ordinal),
        "Bearer " + new string('a', 20_000),
        "Bearer mk-" + new string('é', 38),
        "Digest username=\"" + TestKeys.Acme + "\"",
    ];

    [Theory]
    [MemberData(nameof(BadAuthorizations))]
    public async Task Without_a_valid_key_the_answer_is_401_with_the_scheme_to_use(string authorization)
    {
        var before = gateway.UpstreamCalls;
        using var answer = await SendAsync(authorization.Length == 0 ? [] : [("Authorization", authorization)]);
        await answer.AssertRefusedAsync(401, "invalid_api_key");
        Assert.StartsWith("Bearer", Assert.Single(answer.Headers.WwwAuthenticate).ToString(), StringComparison.Ordinal);
        Assert.Equal(before, gateway.UpstreamCalls);
    }

    [Fact]
    public async Task Unknown_and_expired_keys_get_the_same_bytes()
    {
        using var unknown = await SendAsync([("Authorization", "Bearer " + TestKeys.Unknown)]);
        using var expired = await SendAsync([("Authorization", "Bearer " + TestKeys.Expired)]);
        using var malformed = await SendAsync([("Authorization", "Bearer x")]);
        var body = await unknown.Content.ReadAsStringAsync();
        Assert.Equal(body, await expired.Content.ReadAsStringAsync());
        Assert.Equal(body, await malformed.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_key_in_the_query_or_in_another_header_is_no_key()
    {
        using var inQuery = await SendAsync([], "/api/v1/llm/responses?api_key=" + TestKeys.Acme + "&authorization=Bearer%20" + TestKeys.Acme);
        await inQuery.AssertRefusedAsync(401);
        using var elsewhere = await SendAsync([("api-key", TestKeys.Acme), ("X-Api-Key", TestKeys.Acme), ("Proxy-Authorization", "Bearer " + TestKeys.Acme)]);
        await elsewhere.AssertRefusedAsync(401);
    }

    [Fact]
    public async Task Two_Authorization_headers_are_refused_as_malformed()
    {
        var before = gateway.UpstreamCalls;
        var answer = await RawHttp.ExchangeAsync(gateway.Port, Raw($"Authorization: Bearer {TestKeys.Acme}", $"Authorization: Bearer {TestKeys.Acme}"));
        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"invalid_value\"", answer, StringComparison.Ordinal);
        Assert.Equal(before, gateway.UpstreamCalls);
    }

    [Theory]
    [InlineData("bearer")]
    [InlineData("BEARER")]
    public async Task The_scheme_is_known_in_any_case(string scheme)
    {
        using var answer = await SendAsync([("Authorization", $"{scheme} {TestKeys.Acme}")]);
        Assert.True(answer.IsSuccessStatusCode);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api/v1/llm/models")]
    [InlineData("/api/v1/llm/models/mka1-mini")]
    [InlineData("/api/v1/llm/responses")]
    [InlineData("/api/v1/llm/responses/resp_1")]
    [InlineData("/metrics")]
    [InlineData("/admin")]
    public async Task Every_route_but_the_probes_is_closed(string path)
    {
        foreach (var method in (string[])["GET", "POST", "DELETE", "PUT", "PATCH", "OPTIONS"])
        {
            using var answer = await gateway.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
            await answer.AssertRefusedAsync(401);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("*")]
    [InlineData("us\u00e9r")]
    [InlineData("a\u007fb")]
    [InlineData("a\tb")]
    public async Task An_end_user_id_that_is_empty_a_star_or_not_printable_ASCII_is_refused(string id)
    {
        var before = gateway.UpstreamCalls;
        var answer = await RawHttp.ExchangeAsync(gateway.Port, Raw($"Authorization: Bearer {TestKeys.Acme}", $"X-On-Behalf-Of: {id}"));
        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Contains("\"param\":\"X-On-Behalf-Of\"", answer, StringComparison.Ordinal);
        Assert.Contains("x-request-id: ", answer, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(before, gateway.UpstreamCalls);
    }

    [Fact]
    public async Task An_end_user_id_may_have_150_characters_and_no_more()
    {
        using var fits = await SendAsync([("Authorization", "Bearer " + TestKeys.Acme), ("X-On-Behalf-Of", new string('u', 150))]);
        Assert.True(fits.IsSuccessStatusCode);
        using var exceeds = await SendAsync([("Authorization", "Bearer " + TestKeys.Acme), ("X-On-Behalf-Of", new string('u', 151))]);
        await exceeds.AssertRefusedAsync(400, "invalid_value", "X-On-Behalf-Of");
    }

    [Fact]
    public async Task Two_end_users_are_refused()
    {
        var answer = await RawHttp.ExchangeAsync(
            gateway.Port, Raw($"Authorization: Bearer {TestKeys.Acme}", "X-On-Behalf-Of: alice", "X-On-Behalf-Of: alice"));
        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Contains("\"param\":\"X-On-Behalf-Of\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_must_act_for_an_end_user_is_refused_without_one()
    {
        using var without = await SendAsync([("Authorization", "Bearer " + TestKeys.UserRequired)]);
        await without.AssertRefusedAsync(400, "invalid_value", "X-On-Behalf-Of");
        using var with = await SendAsync([("Authorization", "Bearer " + TestKeys.UserRequired), ("X-On-Behalf-Of", "alice")]);
        Assert.True(with.IsSuccessStatusCode);
    }

    [Fact]
    public async Task A_key_that_must_not_act_for_end_users_is_refused_with_one()
    {
        using var with = await SendAsync([("Authorization", "Bearer " + TestKeys.UserForbidden), ("X-On-Behalf-Of", "alice")]);
        await with.AssertRefusedAsync(403, "permission_denied", "X-On-Behalf-Of");
        using var without = await SendAsync([("Authorization", "Bearer " + TestKeys.UserForbidden)]);
        Assert.True(without.IsSuccessStatusCode);
    }

    [Fact]
    public async Task The_end_user_owns_what_the_request_costs()
    {
        using var answer = await SendAsync(
            [("Authorization", "Bearer " + TestKeys.Acme), ("X-On-Behalf-Of", "Alice"), ("x-request-id", "owner-1")]);
        await gateway.SettledAsync("owner-1");
        var row = Assert.Single(gateway.Ledger.Rows(), r => r.Owner.EndUser == "Alice");
        Assert.Equal(("acme", "main"), (row.Owner.TenantId, row.KeyId));
    }

    [Fact]
    public async Task No_key_ever_stands_in_a_log_line()
    {
        foreach (string authorization in BadAuthorizations)
            using (await SendAsync([("Authorization", authorization)])) { }

        using (await SendAsync([("Authorization", "Bearer " + TestKeys.Acme)])) { }

        Assert.NotEmpty(gateway.Log.Lines);
        foreach (var key in (string[])[TestKeys.Acme, TestKeys.Unknown, TestKeys.Expired])
            Assert.DoesNotContain(gateway.Log.Lines, line => line.Text.Contains(key[3..^6], StringComparison.OrdinalIgnoreCase));
    }

    private async Task<HttpResponseMessage> SendAsync((string Name, string Value)[] headers, string path = "/api/v1/llm/responses")
    {
        using var request = GatewayFixture.Create(GatewayFixture.Hello());
        request.RequestUri = new Uri(path, UriKind.Relative);
        request.Headers.Authorization = null;
        foreach (var (name, value) in headers)
        {
            if (value.Any(c => c > 0x7e)) return await SendRawAsync(headers);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await gateway.Client.SendAsync(request);
    }

    /// <summary>For values that HttpClient would not send.</summary>
    private async Task<HttpResponseMessage> SendRawAsync((string Name, string Value)[] headers)
    {
        var raw = await RawHttp.ExchangeAsync(gateway.Port, Raw([.. headers.Select(h => $"{h.Name}: {h.Value}")]));
        return RawHttp.Parse(raw);
    }

    private static string Raw(params string[] headers)
    {
        var body = GatewayFixture.Hello();
        return $"POST /api/v1/llm/responses HTTP/1.1\r\nHost: edge\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n"
            + string.Concat(headers.Select(h => h + "\r\n")) + "\r\n" + body;
    }
}
