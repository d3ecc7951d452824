using Mka1.Edge.Gateway.Tests.Support;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>Promise: whom a tenant's operator has blocked is refused under each of its names, and only in that tenant.</summary>
public sealed class BlocksWhomOperatorsBlockTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    public static TheoryData<string, string?> Blocked => new()
    {
        { $"\"safety_identifier\":\"{GatewayFixture.BlockedUser}\"", null },
        { $"\"safety_identifier\":\"{GatewayFixture.BlockedUser}\"", "someone-else" },
        { $"\"user\":\"{GatewayFixture.BlockedUser}\"", null },
        { "\"store\":false", GatewayFixture.BlockedUser },
        { "\"user\":\"someone-else\"", GatewayFixture.BlockedUser },

        // An empty name is no name: it must not hide the one behind it.
        { "\"safety_identifier\":\"\"", GatewayFixture.BlockedUser },
        { $"\"safety_identifier\":\"\",\"user\":\"{GatewayFixture.BlockedUser}\"", null },
    };

    [Theory]
    [MemberData(nameof(Blocked))]
    public async Task A_blocked_identifier_is_403_before_any_work_is_done(string member, string? endUser)
    {
        var before = gateway.UpstreamCalls;
        using var answer = await SendAsync(member, endUser, TestKeys.Acme);
        var error = await answer.AssertRefusedAsync(403, "safety_blocked");
        Assert.DoesNotContain(GatewayFixture.BlockedUser, error.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(before, gateway.UpstreamCalls);
    }

    [Theory]
    [MemberData(nameof(Blocked))]
    public async Task The_same_identifier_passes_in_another_tenant(string member, string? endUser)
    {
        using var answer = await SendAsync(member, endUser, TestKeys.Globex);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("\"safety_identifier\":\"Blocked-user\"")]
    [InlineData("\"safety_identifier\":\"blocked-user \"")]
    [InlineData("\"safety_identifier\":\"someone-else\"")]
    [InlineData("\"store\":false")]
    public async Task Nobody_else_is_blocked(string member)
    {
        using var answer = await SendAsync(member, null, TestKeys.Acme);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private Task<HttpResponseMessage> SendAsync(string member, string? endUser, string key)
    {
        var request = GatewayFixture.Create(GatewayFixture.Hello(extra: member), key);
        if (endUser is not null) request.Headers.Add("X-On-Behalf-Of", endUser);
        return gateway.Client.SendAsync(request);
    }
}
