using System.Text.Json;
using Mka1.Edge.Gateway;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Resilience.Tests.Support;
using Mka1.Edge.Stores.Ledger;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mka1.Edge.Resilience.Tests.Interleavings;

/// <summary>One gateway in this process that keeps its state in memory: quick, and open to being broken from inside.</summary>
internal sealed class LocalGateway : IGateways, IAsyncDisposable
{
    private readonly MemoryLedger _ledger = new(1_000_000);
    private readonly string _config = Path.GetTempFileName();
    private WebApplication _app = null!;
    private HttpClient _client = null!;

    // Properties are checked by threads that wait: without enough of them nobody is left to do what they wait for.
    static LocalGateway() => ThreadPool.SetMinThreads(64, 64);

    private LocalGateway(PacedModelServer model) => Model = model;

    public int Count => 1;

    public string Key { get; } = ApiKeyFormat.Create();

    public PacedModelServer Model { get; }

    public HttpClient this[int replica] => _client;

    /// <param name="breakIt">Puts services in place of the gateway's own; it gets the ledger that is read in the end.</param>
    /// <param name="client">Stands between the clients and the gateway.</param>
    /// <param name="perTenant">Background runs in progress at most.</param>
    public static async Task<LocalGateway> StartAsync(Action<IServiceCollection, ILedger>? breakIt = null, DelegatingHandler? client = null, int perTenant = 64)
    {
        var gateway = new LocalGateway(await PacedModelServer.StartAsync());
        await File.WriteAllTextAsync(gateway._config, gateway.Config(perTenant));
        gateway._app = EdgeHost.Create(["--urls", "http://127.0.0.1:0"], EdgeConfigFile.Read(gateway._config), builder =>
        {
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton<ILedger>(gateway._ledger);
            if (breakIt is not null) breakIt(builder.Services, gateway._ledger);
        });
        await gateway._app.StartAsync();
        HttpMessageHandler handler = new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero };
        if (client is not null) client.InnerHandler = handler;
        gateway._client = new HttpClient(client ?? handler) { BaseAddress = new Uri(gateway._app.Urls.Single()), Timeout = Timeout.InfiniteTimeSpan };
        return gateway;
    }

    public Task KillAsync(int replica) => throw new NotSupportedException("It lives in this process.");

    public Task HealAsync() => Task.CompletedTask;

    public Task<IReadOnlyList<(string Run, long Tokens)>> LedgerAsync(string endUser) => Task.FromResult<IReadOnlyList<(string, long)>>(
        [.. _ledger.Rows().Where(row => row.Owner.EndUser == endUser).Select(row => (row.ResponseId, row.InputTokens + row.OutputTokens))]);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
        await Model.DisposeAsync();
        File.Delete(_config);
    }

    private string Config(int perTenant) => JsonSerializer.Serialize(new
    {
        pools = new { dense = new { path = "/a/v1/responses", connectTimeoutSeconds = 30, health = new { active = new { enabled = false } }, destinations = new { one = new { address = Model.Address } } } },
        families = new Dictionary<string, object>
        {
            ["mka1-mini"] = new { @default = "dense", variants = new { dense = new { model = "mka1-mini-dense", pool = "dense" } } },
        },
        tenants = new { acme = new { keys = new { main = new { hash = ApiKeyFormat.HashText(Key) } } } },
        stores = new { disconnectGraceSeconds = 0.2 },
        background = new { workers = 64, perTenant },
        quotas = new { endUserLimits = new { tokens = new[] { new { window = "day", limit = IGateways.Tokens } } } },
    });
}
