using Mka1.Edge.Gateway;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Local.Servers;
using Mka1.Edge.ModelServer;

namespace Mka1.Edge.Local;

/// <summary>
/// Gateways and three model servers in one process, each behind its own loopback socket: the same HTTP as in production,
/// with nothing to install. On request with the stores of production too, in servers of its own.
/// </summary>
public sealed class LocalRun : IAsyncDisposable
{
    private readonly List<WebApplication> _modelServers = [];
    private readonly List<WebApplication> _gateways = [];

    private LocalRun(string configPath) => ConfigPath = configPath;

    /// <summary>The configuration's file, which the gateways follow.</summary>
    public string ConfigPath { get; }

    /// <summary>The first gateway; it alone listens for Ctrl+C and SIGTERM.</summary>
    public WebApplication Gateway => _gateways[0];

    /// <summary>All gateways. Any of them can answer any request.</summary>
    public IReadOnlyList<WebApplication> Gateways => _gateways;

    /// <summary>The demo tenants with their keys.</summary>
    public IReadOnlyList<DemoTenant> Tenants { get; } = DemoTenant.All();

    /// <summary>The operators' key of this run.</summary>
    public AdminKey AdminKey { get; } = AdminKey.Create();

    /// <summary>The first gateway's first address.</summary>
    public string Address => Gateway.Urls.First();

    /// <summary>Addresses of the model servers, in the order of <see cref="LocalVariant.All"/>.</summary>
    public IReadOnlyList<string> ModelServerAddresses => [.. _modelServers.Select(server => server.Urls.First())];

    /// <summary>The private servers; null when state is kept in memory.</summary>
    internal LocalServers? Servers { get; private set; }

    /// <summary>Starts the stores and the model servers, then the gateways in front of them. Complete when requests are served.</summary>
    /// <exception cref="EdgeConfigException">The configuration cannot be used.</exception>
    /// <exception cref="LocalRunException">The private servers cannot be started.</exception>
    public static async Task<LocalRun> StartAsync(LocalOptions options, CancellationToken cancellation = default)
    {
        var run = new LocalRun(options.ConfigPath);
        try
        {
            await run.StartPartsAsync(options, cancellation);
            return run;
        }
        catch
        {
            // Before a failure is told, what has started must be gone.
            await run.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until the first gateway is told to stop, and until all have drained.</summary>
    public async Task WaitForShutdownAsync()
    {
        await using var together = Gateway.Lifetime.ApplicationStopping.Register(() =>
        {
            foreach (var gateway in _gateways) gateway.Lifetime.StopApplication();
        });
        await Task.WhenAll(_gateways.Select(gateway => gateway.WaitForShutdownAsync()));
    }

    /// <summary>Stops the gateways first, so that they drain while their model servers and stores still answer.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_gateways.Select(StopAsync));
        foreach (var gateway in _gateways) await gateway.DisposeAsync();
        foreach (var server in _modelServers) await server.DisposeAsync();
        if (Servers is { } servers) await servers.DisposeAsync();
    }

    private static Task StopAsync(WebApplication gateway) =>
        gateway.Lifetime.ApplicationStopped.IsCancellationRequested ? Task.CompletedTask : gateway.StopAsync();

    private async Task StartPartsAsync(LocalOptions options, CancellationToken cancellation)
    {
        var addresses = options.UrlsOfReplicas();
        if (options.Stores == LocalStores.Local) Servers = await LocalServers.StartAsync(cancellation);

        _modelServers.AddRange(LocalVariant.All.Select(variant => ModelServer(variant, options)));
        await Task.WhenAll(_modelServers.Select(server => server.StartAsync(cancellation)));
        for (var i = 0; i < _modelServers.Count; i++)
            Environment.SetEnvironmentVariable(LocalVariant.All[i].UrlVariable, _modelServers[i].Urls.First());
        foreach (var tenant in Tenants) Environment.SetEnvironmentVariable(tenant.HashVariable, tenant.KeyHash);

        foreach (var urls in addresses)
        {
            var gateway = EdgeHost.Create(["--urls", urls], ConfigPath, Adjust, _gateways.Count == 0 ? LeaveGreetingToBanner : Follow);
            _gateways.Add(gateway);
            await gateway.StartAsync(cancellation);
        }
    }

    /// <summary>What this run sees to itself, whatever the file says: its stores, and a listener for whoever runs it.</summary>
    private EdgeConfig Adjust(EdgeConfig config)
    {
        if (Servers is { } servers) config = servers.Apply(config);
        return config with { Admin = new AdminConfig { Url = "http://127.0.0.1:0", KeyHash = AdminKey.Hash } };
    }

    private static WebApplication ModelServer(LocalVariant variant, LocalOptions options) => ModelServerHost.Create(
        ["--urls", "http://127.0.0.1:0"],
        settings =>
        {
            settings.Model = Path.Combine(options.ModelsPath, variant.Model);
            settings.ChatCompletions = options.ChatCompletions;
        },
        Follow);

    /// <summary>A host that ends when the first gateway does.</summary>
    private static void Follow(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IHostLifetime, SilentLifetime>();
        LeaveGreetingToBanner(builder);
    }

    /// <summary>
    /// Each host would say where it listens, in between the lines of the banner that says it better. A start that fails
    /// is thrown, and told by the program in one line.
    /// </summary>
    private static void LeaveGreetingToBanner(WebApplicationBuilder builder) => builder.Logging
        .AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning)
        .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
}
