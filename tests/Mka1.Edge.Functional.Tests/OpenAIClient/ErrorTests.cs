using System.ClientModel;
using System.Text.Json;
using Mka1.Edge.Functional.Tests.Support;
using Mka1.Edge.Gateway;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Local;
using OpenAI.Responses;

namespace Mka1.Edge.Functional.Tests.OpenAIClient;

/// <summary>Refusals as the OpenAI .NET client sees them.</summary>
[Collection(LocalRunCollection.Name)]
public sealed class ErrorTests(LocalRunFixture local)
{
    [Fact]
    public async Task An_unknown_key_is_401()
    {
        var refusal = await RefusalAsync(Connect.To(local.Run.Address, "mk-not-a-key"), Hello());
        AssertRefusal(refusal, 401, "authentication_error", "invalid_api_key", param: null);
    }

    [Fact]
    public async Task An_unknown_model_is_404()
    {
        var options = Hello();
        options.Model = "no-such-model";
        AssertRefusal(await RefusalAsync(Client(), options), 404, "invalid_request_error", "model_not_found", "model");
    }

    [Fact]
    public async Task A_value_out_of_range_is_400_and_named()
    {
        var options = Hello();
        options.Temperature = 3;
        AssertRefusal(await RefusalAsync(Client(), options), 400, "invalid_request_error", "invalid_value", "temperature");
    }

    [Fact]
    public async Task A_tool_nobody_serves_is_400_and_named()
    {
        var options = Hello();
        options.Tools.Add(ResponseTool.CreateWebSearchTool());
        AssertRefusal(await RefusalAsync(Client(), options), 400, "invalid_request_error", "unsupported_tool", "tools[0].type");
    }

    [Fact]
    public async Task An_unknown_previous_response_is_400_and_named()
    {
        var options = Hello();
        options.PreviousResponseId = "resp_123";
        AssertRefusal(await RefusalAsync(Client(), options), 400, "invalid_request_error", "previous_response_not_found", "previous_response_id");
    }

    [Fact]
    public async Task One_request_too_many_is_429()
    {
        var tenant = new DemoTenant("tight", "unused");
        var gateway = EdgeHost.Create(["--urls", "http://127.0.0.1:0"], OneRequestAnHour(tenant.KeyHash));
        await using (gateway)
        {
            await gateway.StartAsync();
            var client = Connect.To(gateway.Urls.First(), tenant.Key);
            await client.CreateResponseAsync(Hello());
            var refusal = await RefusalAsync(client, Hello());

            AssertRefusal(refusal, 429, "rate_limit_error", "rate_limit_exceeded", param: null);
            Assert.True(refusal.GetRawResponse()!.Headers.TryGetValue("Retry-After", out var wait));

            // An hour, and the fortieth of it in which the request was made.
            Assert.InRange(int.Parse(wait!, System.Globalization.CultureInfo.InvariantCulture), 3600, 3690);
            await gateway.StopAsync();
        }
    }

    private ResponsesClient Client() => Connect.To(local.Run.Address, local.Run.Tenants[0].Key);

    private static CreateResponseOptions Hello() =>
        new("mka1-mini-dense", [ResponseItem.CreateUserMessageItem("Hello")]) { MaxOutputTokenCount = 5 };

    private static Task<ClientResultException> RefusalAsync(ResponsesClient client, CreateResponseOptions options) =>
        Assert.ThrowsAsync<ClientResultException>(async () => await client.CreateResponseAsync(options));

    private static void AssertRefusal(ClientResultException refusal, int status, string type, string code, string? param)
    {
        Assert.Equal(status, refusal.Status);
        using var body = JsonDocument.Parse(refusal.GetRawResponse()!.Content);
        var error = body.RootElement.GetProperty("error");
        Assert.Equal(type, error.GetProperty("type").GetString());
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.Equal(param, error.GetProperty("param").GetString());
        Assert.True(refusal.GetRawResponse()!.Headers.TryGetValue("x-request-id", out _));
    }

    private EdgeConfig OneRequestAnHour(string keyHash) => new()
    {
        Pools = new Dictionary<string, PoolConfig>
        {
            ["dense"] = new() { Destinations = new Dictionary<string, DestinationConfig> { ["dense-1"] = new() { Address = local.Run.ModelServerAddresses[^1] } } },
        },
        Families = new Dictionary<string, FamilyConfig>
        {
            ["mka1-mini"] = new() { Default = "dense", Variants = new Dictionary<string, VariantConfig> { ["dense"] = new() { Model = "mka1-mini-dense", Pool = "dense" } } },
        },
        Tenants = new Dictionary<string, TenantConfig>
        {
            ["tight"] = new() { Keys = new Dictionary<string, KeyConfig> { ["key"] = new() { Hash = keyHash, Requests = [new() { Window = "hour", Limit = 1 }] } } },
        },
    };
}
