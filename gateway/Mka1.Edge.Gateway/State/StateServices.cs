using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Stores;
using Mka1.Edge.Stores.Conversations;
using Mka1.Edge.Stores.Idempotency;
using Mka1.Edge.Stores.Keys;
using Mka1.Edge.Stores.Ledger;
using Mka1.Edge.Stores.Postgres;
using Mka1.Edge.Stores.Prompts;
using Mka1.Edge.Stores.Quota;
using Mka1.Edge.Stores.Redis;
using Mka1.Edge.Stores.Responses;
using Mka1.Edge.Stores.Runs;
using Mka1.Edge.Stores.Safety;
using Mka1.Edge.Stores.Streams;
using Mka1.Edge.Stores.Webhooks;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mka1.Edge.Gateway.State;

/// <summary>Registers the stores: in Postgres and Redis where the configuration names them, else in this process.</summary>
internal static class StateServices
{
    /// <summary>For a quota's answer while Redis answers others: only when that stops is it given up sooner.</summary>
    private static readonly TimeSpan QuotaPatience = TimeSpan.FromSeconds(5);

    public static IServiceCollection AddState(this IServiceCollection services, StoresConfig config)
    {
        services.AddSingleton(new Protector(config.EncryptionKey));
        services.AddSingleton<StateHealth>();
        if (config.Redis is { } redis) AddRedis(services, redis, TimeSpan.FromHours(config.StreamLogHours));
        else AddMemoryStreams(services, TimeSpan.FromHours(config.StreamLogHours));
        if (config.Postgres is { } postgres) AddPostgres(services, postgres);
        else AddMemory(services);
        services.TryAddSingleton<IQuotaStore>(provider => new MemoryQuotaStore(provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService<StateStart>();
        return services;
    }

    private static void AddRedis(IServiceCollection services, string redis, TimeSpan timeToLive)
    {
        services.AddSingleton(_ => new RedisConnection(redis));
        services.TryAddSingleton<IStreamLog>(provider => new RedisStreamLog(provider.GetRequiredService<RedisConnection>(), timeToLive));
        services.TryAddSingleton<IRunSignals>(provider => new RedisRunSignals(provider.GetRequiredService<RedisConnection>()));

        // A connection of their own: a quota must not wait behind the events of streams, and gives up much sooner.
        services.AddKeyedSingleton(typeof(IQuotaStore), (provider, _) => new RedisConnection(
            redis,
            QuotaPatience,
            silence: TimeSpan.FromMilliseconds(provider.GetRequiredService<EdgeConfiguration>().Current.Config.Quotas.RedisSilenceMilliseconds)));
        services.TryAddSingleton<IQuotaStore>(provider =>
        {
            var logger = provider.GetRequiredService<ILogger<StateStart>>();
            return new FailoverQuotaStore(
                new RedisQuotaStore(provider.GetRequiredKeyedService<RedisConnection>(typeof(IQuotaStore))),
                provider.GetRequiredService<TimeProvider>(),
                dropped: logger.QuotaPostingDropped);
        });
    }

    private static void AddMemoryStreams(IServiceCollection services, TimeSpan timeToLive)
    {
        services.TryAddSingleton<IStreamLog>(provider => new MemoryStreamLog(timeToLive, provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IRunSignals, MemoryRunSignals>();
    }

    private static void AddPostgres(IServiceCollection services, string connectionString)
    {
        services.AddSingleton(_ => new PostgresDatabase(connectionString));
        services.TryAddSingleton<IResponseStore, PostgresResponseStore>();
        services.TryAddSingleton<IRunStore, PostgresRunStore>();
        services.TryAddSingleton<IConversationStore, PostgresConversationStore>();
        services.TryAddSingleton<IPromptStore, PostgresPromptStore>();
        services.TryAddSingleton<IIdempotencyStore, PostgresIdempotencyStore>();
        services.TryAddSingleton<IKeyStore, PostgresKeyStore>();
        services.TryAddSingleton<IWebhookOutbox, PostgresWebhookOutbox>();
        services.TryAddSingleton<ISafetyStore, PostgresSafetyStore>();
        services.TryAddSingleton<ILedger>(provider =>
        {
            var logger = provider.GetRequiredService<ILogger<StateStart>>();
            return new PostgresLedger(
                provider.GetRequiredService<PostgresDatabase>(),
                provider.GetRequiredService<TimeProvider>(),
                dropped: entry => logger.LedgerRowDropped(entry.ResponseId, entry.Owner.TenantId, entry.KeyId, entry.Model, entry.InputTokens, entry.OutputTokens));
        });
        services.AddHostedService<StateMaintenance>();
    }

    private static void AddMemory(IServiceCollection services)
    {
        services.TryAddSingleton<ILedger, MemoryLedger>();
        services.TryAddSingleton<MemoryStoreSet>();
        services.TryAddSingleton<IResponseStore>(provider => provider.GetRequiredService<MemoryStoreSet>().Responses);
        services.TryAddSingleton<IRunStore>(provider => provider.GetRequiredService<MemoryStoreSet>().Runs);
        services.TryAddSingleton<IConversationStore>(provider => provider.GetRequiredService<MemoryStoreSet>().Conversations);
        services.TryAddSingleton<IWebhookOutbox>(provider => provider.GetRequiredService<MemoryStoreSet>().Webhooks);
        services.TryAddSingleton<ISafetyStore>(provider => provider.GetRequiredService<MemoryStoreSet>().Safety);
        services.TryAddSingleton<IPromptStore, MemoryPromptStore>();
        services.TryAddSingleton<IIdempotencyStore, MemoryIdempotencyStore>();
        services.TryAddSingleton<IKeyStore, MemoryKeyStore>();
    }
}
