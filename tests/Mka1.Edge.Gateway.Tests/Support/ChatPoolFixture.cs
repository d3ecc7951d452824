using Mka1.Edge.Gateway.Configuration;

namespace Mka1.Edge.Gateway.Tests.Support;

/// <summary>A gateway whose default variant's pool speaks Chat Completions.</summary>
public sealed class ChatPoolFixture : IAsyncLifetime
{
    public GatewayFixture Gateway { get; private set; } = null!;

    public static EdgeConfig Chat(EdgeConfig config)
    {
        var pools = config.Pools.ToDictionary();
        pools["dense"] = pools["dense"] with { Api = PoolApi.ChatCompletions };
        return config with { Pools = pools };
    }

    public async Task InitializeAsync() => Gateway = await GatewayFixture.StartAsync(Chat);

    public async Task DisposeAsync() => await Gateway.DisposeAsync();
}
