using Mka1.Edge.Gateway.Admin;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Forwarding;
using Mka1.Edge.Gateway.Forwarding.Destinations;
using Mka1.Edge.Gateway.History;
using Mka1.Edge.Gateway.Identity;
using Mka1.Edge.Gateway.Ingress;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Quota;
using Mka1.Edge.Gateway.Reload;
using Mka1.Edge.Gateway.Routing;
using Mka1.Edge.Gateway.Runs;
using Mka1.Edge.Gateway.Safety;
using Mka1.Edge.Gateway.Settlement;
using Mka1.Edge.Gateway.State;
using Mka1.Edge.Gateway.Telemetry;
using Mka1.Edge.Gateway.Tls;
using Mka1.Edge.Gateway.Trials;
using Mka1.Edge.Gateway.Webhooks;
using Mka1.Edge.Stores;
using Mka1.Edge.Stores.Postgres;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;

namespace Mka1.Edge.Gateway;

/// <summary>Builds the gateway.</summary>
public static class EdgeHost
{
    /// <summary>The argument that names the configuration file; the environment variable is <c>EDGE_CONFIG</c>.</summary>
    public const string ConfigArgument = "config";

    private const string ConfigVariable = "EDGE_CONFIG";
    private const string DefaultConfigPath = "config/edge.json";

    /// <summary>Builds a gateway from the configuration file that the arguments or the environment name.</summary>
    /// <exception cref="EdgeConfigException">The configuration cannot be used; every fault is named.</exception>
    public static WebApplication Create(string[] args) => Create(args, PathOf(args), static config => config);

    /// <summary>Builds a gateway from a configuration file, which it follows while it runs.</summary>
    /// <param name="args">Command line, such as <c>--urls</c>.</param>
    /// <param name="path">The file.</param>
    /// <param name="adjust">What the host puts in place of what the file says, at the start and whenever the file has changed.</param>
    /// <param name="configure">Last word on the host, such as other services.</param>
    /// <exception cref="EdgeConfigException">The configuration cannot be used; every fault is named.</exception>
    public static WebApplication Create(string[] args, string path, Func<EdgeConfig, EdgeConfig> adjust, Action<WebApplicationBuilder>? configure = null)
    {
        var file = new ConfigFile(path, adjust);
        var content = file.Read();
        return Create(args, file.Parse(content), new ConfigStart(file, content.Mark), configure);
    }

    /// <summary>Where a gateway that has been started listens for operators; null when its configuration names no address.</summary>
    public static string? AdminAddress(WebApplication gateway) => gateway.Services.GetRequiredService<AdminListener>().Address;

    /// <summary>Brings the schema in Postgres up to date and returns: for <c>--migrate</c>, where replicas may not do it at start.</summary>
    /// <returns>Names of the migrations applied.</returns>
    /// <exception cref="EdgeConfigException">The configuration cannot be used, or names no Postgres.</exception>
    /// <exception cref="StoreUnavailableException">Postgres cannot be reached.</exception>
    public static async Task<IReadOnlyList<string>> MigrateAsync(string[] args)
    {
        var config = EdgeConfigFile.Read(PathOf(args));
        if (config.Stores.Postgres is not { } postgres) throw new EdgeConfigException(["stores.postgres: not set, so there is nothing to migrate."]);
        await using var database = new PostgresDatabase(postgres);
        return await PostgresMigrator.MigrateAsync(database);
    }

    /// <summary>Builds a gateway from a configuration that stays as it is.</summary>
    /// <param name="args">Command line, such as <c>--urls</c>.</param>
    /// <param name="config">The configuration.</param>
    /// <param name="configure">Last word on the host, such as other services.</param>
    /// <exception cref="EdgeConfigException">The configuration cannot be used; every fault is named.</exception>
    public static WebApplication Create(string[] args, EdgeConfig config, Action<WebApplicationBuilder>? configure = null) =>
        Create(args, config, new ConfigStart(null, ""), configure);

    private static WebApplication Create(string[] args, EdgeConfig config, ConfigStart start, Action<WebApplicationBuilder>? configure)
    {
        var snapshot = EdgeSnapshot.Build(config);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        EdgeTransport.Configure(builder, config.Limits);

        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddReload(snapshot, start);
        services.AddSingleton(provider => new EdgeStart(provider.GetRequiredService<TimeProvider>().GetUtcNow()));
        services.AddSingleton<IForwarderHttpClientFactory, UpstreamHttpClientFactory>();
        services.AddReverseProxy().LoadFromMemory([], PoolClusters.From(config));
        services.AddTls(config.Tls);
        services.AddCors();
        services.AddSingleton<ICorsPolicyProvider, EdgeCors>();
        services.AddQuota();
        services.AddSingleton<PoolDirectory>();
        services.AddSingleton<IConfigChangeListener>(provider => provider.GetRequiredService<PoolDirectory>());
        services.AddSingleton<DestinationRegistry>();
        services.AddSingleton<DestinationHealth>();
        services.AddSingleton<PoolMetrics>();
        services.AddSingleton<IActiveHealthCheckPolicy, DestinationProbes>();
        services.AddSingleton<IProbingRequestFactory, ProbeRequests>();
        services.AddSingleton<DestinationPicker>();
        services.AddSafety();
        services.AddSingleton<HistoryStage>();
        services.AddEdgeRouting();
        services.AddSingleton<CompactionStage>();
        services.AddSingleton<ForwardingStage>();
        services.AddSingleton<PoolClient>();
        services.AddSingleton<TokenCounter>();
        services.AddSingleton<Compactor>();
        services.AddSingleton<RunPreparation>();
        services.AddSingleton<RunSettlement>();
        services.AddSingleton<RunPipeline>();
        builder.AddTelemetry(config.Telemetry);
        services.AddTrials();
        services.AddWebhooks();
        services.AddRuns();
        services.AddAdmin(config.Admin);
        configure?.Invoke(builder);

        // Last, so that a host's own stores come first.
        services.AddState(config.Stores);
        services.AddIdentity();

        var app = builder.Build();
        EdgePipeline.Use(app);
        app.Services.GetRequiredService<PoolDirectory>().Attach(snapshot);
        TelemetryServices.Begin(app.Services);
        return app;
    }

    private static string PathOf(string[] args)
    {
        var arguments = new ConfigurationBuilder().AddCommandLine(args).Build();
        return arguments[ConfigArgument] ?? Environment.GetEnvironmentVariable(ConfigVariable) ?? DefaultConfigPath;
    }
}
