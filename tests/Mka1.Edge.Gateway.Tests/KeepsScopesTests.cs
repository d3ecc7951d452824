using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Identity;
using Mka1.Edge.Gateway.Tests.Support;
using Mka1.Edge.Policies.Identity;
using Microsoft.AspNetCore.Routing;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>Promise: a key does what its scopes name, on every route, and a refusal says which scope is missing.</summary>
public sealed class KeepsScopesTests : IAsyncLifetime
{
    private static readonly string Narrow = ApiKeyFormat.Create();

    private GatewayFixture _gateway = null!;

    public async Task InitializeAsync() => _gateway = await GatewayFixture.StartAsync(config => config with
    {
        Tenants = new Dictionary<string, TenantConfig>(config.Tenants)
        {
            ["scoped"] = new()
            {
                Keys = new Dictionary<string, KeyConfig>
                {
                    ["narrow"] = new() { Hash = ApiKeyFormat.HashText(Narrow), Endpoints = ["responses", "models"], Models = ["mka1-mini-quantized"] },
                },
            },
        },
    });

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public void Every_route_has_a_scope_or_is_open()
    {
        var routes = ((IEndpointRouteBuilder)_gateway.App).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().ToList();
        Assert.NotEmpty(routes);
        Assert.DoesNotContain(routes, route => (route.Metadata.GetMetadata<EndpointScope>() is null) == (route.Metadata.GetMetadata<OpenRoute>() is null));
        Assert.All(routes.Select(route => route.Metadata.GetMetadata<EndpointScope>()).OfType<EndpointScope>(), scope => Assert.Contains(scope.Name, EndpointScope.Names));
    }

    [Theory]
    [InlineData("POST", "/conversations", "endpoints: conversations")]
    [InlineData("GET", "/conversations/conv_1", "endpoints: conversations")]
    [InlineData("GET", "/prompts", "endpoints: prompts")]
    [InlineData("GET", "/responses/resp_1/webhook_deliveries", "endpoints: webhooks")]
    [InlineData("GET", "/keys", "admin")]
    [InlineData("POST", "/keys", "admin")]
    [InlineData("DELETE", "/keys/narrow", "admin")]
    public async Task What_no_scope_names_is_refused(string method, string path, string scope) =>
        Assert.Contains($"'{scope}'", await Client().RefusedAsync(method, path, 403, code: "permission_denied"), StringComparison.Ordinal);

    [Fact]
    public async Task What_a_scope_names_is_served()
    {
        var id = ApiClient.Id(await Client().CallAsync("POST", "/responses", GatewayFixture.Hello("mka1-mini-quantized")));
        await Client().CallAsync("GET", "/responses/" + id);
        Assert.Equal(["mka1-mini-quantized"], ApiClient.Ids(await Client().CallAsync("GET", "/models")));
        await Client().RefusedAsync("GET", "/nowhere", 404);
    }

    [Fact]
    public async Task A_key_that_says_nothing_of_endpoints_may_use_all_but_those_for_administrators()
    {
        var client = new ApiClient(_gateway, TestKeys.Acme);
        foreach (var path in (string[])["/responses", "/conversations", "/prompts", "/models"]) await client.CallAsync("GET", path);
        Assert.Contains("'admin'", await client.RefusedAsync("GET", "/keys", 403), StringComparison.Ordinal);
        await new ApiClient(_gateway, TestKeys.AcmeAdmin).CallAsync("GET", "/keys");
        await new ApiClient(_gateway, TestKeys.AcmeAdmin, "alice").RefusedAsync("GET", "/keys", 403, param: "X-On-Behalf-Of");
    }

    private ApiClient Client() => new(_gateway, Narrow);
}
