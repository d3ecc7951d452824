using Mka1.Edge.Gateway.Admin;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Forwarding;
using Mka1.Edge.Gateway.Forwarding.Destinations;
using Mka1.Edge.Gateway.History;
using Mka1.Edge.Gateway.Identity;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Quota;
using Mka1.Edge.Gateway.Routing;
using Mka1.Edge.Gateway.Runs;
using Mka1.Edge.Gateway.Safety;
using Mka1.Edge.Gateway.Settlement;
using Mka1.Edge.Gateway.State;
using Mka1.Edge.Gateway.Telemetry;
using Mka1.Edge.Gateway.Webhooks;
using Mka1.Edge.Stores;
using Mka1.Edge.Stores.Postgres;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

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
    public static WebApplication Create(string[] args) => Create(args, ReadConfig(args));

    /// <summary>Brings the schema in Postgres up to date and returns: for <c>--migrate</c>, where replicas may not do it at start.</summary>
    /// <returns>Names of the migrations applied.</returns>
    /// <exception cref="EdgeConfigException">The configuration cannot be used, or names no Postgres.</exception>
    /// <exception cref="StoreUnavailableException">Postgres cannot be reached.</exception>
    public static async Task<IReadOnlyList<string>> MigrateAsync(string[] args)
    {
        var config = ReadConfig(args);
        if (config.Stores.Postgres is not { } postgres) throw new EdgeConfigException(["stores.postgres: not set, so there is nothing to migrate."]);
        await using var database = new PostgresDatabase(postgres);
        return await PostgresMigrator.MigrateAsync(database);
    }

    /// <summary>Builds a gateway from a configuration.</summary>
    /// <param name="args">Command line, such as <c>--urls</c>.</param>
    /// <param name="config">The configuration.</param>
    /// <param name="configure">Last word on the host, such as other services.</param>
    /// <exception cref="EdgeConfigException">The configuration cannot be used; every fault is named.</exception>
    public static WebApplication Create(string[] args, EdgeConfig config, Action<WebApplicationBuilder>? configure = null)
    {
        var snapshot = EdgeSnapshot.Build(config);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        EdgeTransport.Configure(builder, config.Limits);

        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(snapshot);
        services.AddSingleton(new EdgeConfiguration(snapshot));
        services.AddSingleton(provider => new EdgeStart(provider.GetRequiredService<TimeProvider>().GetUtcNow()));
        services.AddSingleton<IForwarderHttpClientFactory, UpstreamHttpClientFactory>();
        services.AddReverseProxy().LoadFromMemory([], PoolClusters.From(config));
        services.AddQuota();
        services.AddSingleton<PoolDirectory>();
        services.AddSingleton<IConfigChangeListener>(provider => provider.GetRequiredService<PoolDirectory>());
        services.AddSingleton<DestinationRegistry>();
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
        services.AddTelemetry();
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
        return app;
    }

    private static EdgeConfig ReadConfig(string[] args)
    {
        var arguments = new ConfigurationBuilder().AddCommandLine(args).Build();
        return EdgeConfigFile.Read(arguments[ConfigArgument] ?? Environment.GetEnvironmentVariable(ConfigVariable) ?? DefaultConfigPath);
    }
}
