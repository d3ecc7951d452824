using Microsoft.AspNetCore.Builder;
using Mka1.Edge.Functional.Tests.OpenAIClient;
using Mka1.Edge.Gateway;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Local;
using Mka1.Edge.ModelServer;
using OpenAI.Responses;

namespace Mka1.Edge.Functional.Tests.ChatPools;

/// <summary>A gateway in front of two pools that speak Chat Completions: one of our own model servers, and a scripted one.</summary>
public sealed class ChatPoolFixture : IAsyncLifetime
{
    public const string Own = "mka1-mini-dense";
    public const string Scripted = "scripted";

    private readonly DemoTenant _tenant = new("chat", "unused");
    private WebApplication? _modelServer;
    private WebApplication? _gateway;

    /// <summary>The server that plays a script.</summary>
    public ScriptedChatServer Script { get; } = new();

    /// <summary>The OpenAI client of the gateway.</summary>
    public ResponsesClient Client => Connect.To(_gateway!.Urls.First(), _tenant.Key);

    public async Task InitializeAsync()
    {
        var options = LocalOptions.Read([]);
        _modelServer = ModelServerHost.Create(
            ["--chat-completions", "--urls", "http://127.0.0.1:0", "--model", Path.Combine(options.ModelsPath, Own), "--Logging:LogLevel:Default", "Warning"]);
        await Task.WhenAll(_modelServer.StartAsync(), Script.StartAsync());
        _gateway = EdgeHost.Create(["--urls", "http://127.0.0.1:0"], Config());
        await _gateway.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _gateway!.DisposeAsync();
        await _modelServer!.DisposeAsync();
        await Script.DisposeAsync();
    }

    private EdgeConfig Config() => new()
    {
        Pools = new Dictionary<string, PoolConfig> { [Own] = Pool(_modelServer!.Urls.First()), [Scripted] = Pool(Script.Address) },
        Families = new Dictionary<string, FamilyConfig> { ["own"] = Family(Own), ["other"] = Family(Scripted) },
        Tenants = new Dictionary<string, TenantConfig>
        {
            ["chat"] = new() { Keys = new Dictionary<string, KeyConfig> { ["key"] = new() { Hash = _tenant.KeyHash } } },
        },
    };

    private static PoolConfig Pool(string address) => new()
    {
        Api = PoolApi.ChatCompletions,
        Destinations = new Dictionary<string, DestinationConfig> { ["one"] = new() { Address = address } },
    };

    private static FamilyConfig Family(string model) => new()
    {
        Default = "dense",
        Variants = new Dictionary<string, VariantConfig> { ["dense"] = new() { Model = model, Pool = model, Tools = ["function"] } },
    };
}
