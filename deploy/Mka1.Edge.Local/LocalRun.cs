using Mka1.Edge.Gateway;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.ModelServer;

namespace Mka1.Edge.Local;

/// <summary>
/// Gateway and three model servers in one process, each behind its own loopback socket: the same HTTP as in production,
/// with nothing to install.
/// </summary>
public sealed class LocalRun : IAsyncDisposable
{
    private readonly IReadOnlyList<WebApplication> _modelServers;

    private LocalRun(WebApplication gateway, IReadOnlyList<WebApplication> modelServers, IReadOnlyList<DemoTenant> tenants)
    {
        Gateway = gateway;
        _modelServers = modelServers;
        Tenants = tenants;
    }

    /// <summary>The gateway; it alone listens for Ctrl+C and SIGTERM.</summary>
    public WebApplication Gateway { get; }

    /// <summary>The demo tenants with their keys.</summary>
    public IReadOnlyList<DemoTenant> Tenants { get; }

    /// <summary>The gateway's first address.</summary>
    public string Address => Gateway.Urls.First();

    /// <summary>Addresses of the model servers, in the order of <see cref="LocalVariant.All"/>.</summary>
    public IReadOnlyList<string> ModelServerAddresses => [.. _modelServers.Select(server => server.Urls.First())];

    /// <summary>Starts the model servers, then the gateway in front of them. Complete when requests are served.</summary>
    /// <exception cref="EdgeConfigException">The configuration cannot be used.</exception>
    public static async Task<LocalRun> StartAsync(LocalOptions options, CancellationToken cancellation = default)
    {
        var servers = LocalVariant.All.Select(variant => ModelServer(variant, options)).ToArray();
        await Task.WhenAll(servers.Select(server => server.StartAsync(cancellation)));
        for (var i = 0; i < servers.Length; i++)
            Environment.SetEnvironmentVariable(LocalVariant.All[i].UrlVariable, servers[i].Urls.First());

        var tenants = DemoTenant.All();
        foreach (var tenant in tenants) Environment.SetEnvironmentVariable(tenant.HashVariable, tenant.KeyHash);

        var gateway = EdgeHost.Create(["--urls", options.Urls], EdgeConfigFile.Read(options.ConfigPath), LeaveGreetingToBanner);
        await gateway.StartAsync(cancellation);
        return new LocalRun(gateway, servers, tenants);
    }

    /// <summary>Stops the gateway first, so that it drains while its model servers still answer.</summary>
    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        foreach (var server in _modelServers) await server.DisposeAsync();
    }

    private static WebApplication ModelServer(LocalVariant variant, LocalOptions options) => ModelServerHost.Create(
        ["--urls", "http://127.0.0.1:0"],
        settings => settings.Model = Path.Combine(options.ModelsPath, variant.Model),
        builder =>
        {
            builder.Services.AddSingleton<IHostLifetime, SilentLifetime>();
            LeaveGreetingToBanner(builder);
        });

    /// <summary>
    /// Four hosts would each say where they listen, in between the lines of the banner that says it better. A start that fails
    /// is thrown, and told by the program in one line.
    /// </summary>
    private static void LeaveGreetingToBanner(WebApplicationBuilder builder) => builder.Logging
        .AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning)
        .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
}
