using System.Net;
using System.Text.Json;
using Mka1.Edge.Gateway.Tests.Support;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>The operators' listener is theirs alone, and nothing of it can be reached where clients are served.</summary>
public sealed class KeepsOperatorsApartTests : IAsyncLifetime
{
    private const string Status = "/admin/v1/config/status";

    private GatewayFixture _gateway = null!;

    public async Task InitializeAsync() => _gateway = await GatewayFixture.StartAsync(config => config with { Admin = Operator.Config });

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task The_operators_key_is_let_in()
    {
        using var client = Operator.Client(_gateway);
        using var answer = JsonDocument.Parse(await client.GetStringAsync(Status));
        Assert.Equal(16, answer.RootElement.GetProperty("version").GetString()!.Length);
    }

    public static TheoryData<string?> OtherKeys => [null, "", "operators-key-of-the-test", Operator.Config.KeyHash, TestKeys.Acme];

    public static TheoryData<string> Keys => [Operator.Key, TestKeys.Acme];

    [Theory]
    [MemberData(nameof(OtherKeys))]
    public async Task Any_other_key_is_not(string? key)
    {
        using var client = Operator.Client(_gateway, null);
        if (key is not null) client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        using var answer = await client.GetAsync(Status);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("invalid_api_key", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Clients_find_nothing_of_it_at_their_own_address(string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Status);
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        using var answer = await _gateway.Client.SendAsync(request);
        Assert.True(answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Operators_are_served_no_models()
    {
        using var client = Operator.Client(_gateway);
        using var answer = await client.GetAsync("/api/v1/llm/models");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }
}
