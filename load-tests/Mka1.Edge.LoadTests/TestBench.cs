using System.Net.Http.Headers;
using Mka1.Edge.LoadTests.Support;
using Mka1.Edge.LoadTests.Upstream;
using Mka1.Edge.Local.Servers;
using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.LoadTests;

/// <summary>A model server, the stores and a gateway between them and the clients here, all on loopback.</summary>
internal sealed class TestBench : IAsyncDisposable
{
    private readonly ScriptedModelServer _modelServer;
    private readonly LocalServers? _servers;

    private TestBench(ScriptedModelServer modelServer, LocalServers? servers, GatewayProcess gateway, string key)
    {
        (_modelServer, _servers, Gateway) = (modelServer, servers, gateway);
        Client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 20_000, MaxResponseDrainSize = 0 })
        {
            BaseAddress = new Uri(gateway.Address),
            Timeout = TimeSpan.FromMinutes(5),
        };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public GatewayProcess Gateway { get; }

    public HttpClient Client { get; }

    public static async Task<TestBench> StartAsync(LoadOptions options)
    {
        var key = ApiKeyFormat.Create();
        var modelServer = await ScriptedModelServer.StartAsync();
        var servers = options.Stores == "local" ? await LocalServers.StartAsync() : null;
        var gateway = await GatewayProcess.StartAsync(modelServer.Address, key, servers?.Postgres.Configuration, servers?.Redis.Configuration);
        return new TestBench(modelServer, servers, gateway, key);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Gateway.DisposeAsync();
        await _modelServer.DisposeAsync();
        if (_servers is not null) await _servers.DisposeAsync();
    }
}
