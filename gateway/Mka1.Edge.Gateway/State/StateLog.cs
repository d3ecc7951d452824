namespace Mka1.Edge.Gateway.State;

/// <summary>Log events of State: 2200–2299.</summary>
internal static partial class StateLog
{
    [LoggerMessage(2200, LogLevel.Warning, "{What} is kept in memory and is lost when this process ends. Set stores.postgres and stores.redis to keep it.")]
    public static partial void InMemory(this ILogger logger, string what);

    [LoggerMessage(2201, LogLevel.Warning, "Stream logs are kept in memory: only the replica that makes a stream can resume it. Set stores.redis to share them.")]
    public static partial void StreamsInMemory(this ILogger logger);

    [LoggerMessage(2202, LogLevel.Warning, "stores.encryptionKey is not set: webhook secrets and compacted conversations can be read by this process only, and are lost with it.")]
    public static partial void NoEncryptionKey(this ILogger logger);

    [LoggerMessage(2203, LogLevel.Information, "Migrations applied: {Names}.")]
    public static partial void Migrated(this ILogger logger, string names);

    [LoggerMessage(2204, LogLevel.Error, "Postgres is away ({Reason}); what needs it is refused with 503 until it is back.")]
    public static partial void NotMigrated(this ILogger logger, string? reason);

    [LoggerMessage(2207, LogLevel.Error, "What share {Share} came to is lost to the quotas, because Redis stays away; the ledger has it.")]
    public static partial void QuotaPostingDropped(this ILogger logger, string share);

    [LoggerMessage(2205, LogLevel.Error, "Maintenance of the partitions failed.")]
    public static partial void MaintenanceFailed(this ILogger logger, Exception exception);

    [LoggerMessage(
        2206,
        LogLevel.Error,
        "A row of the ledger is lost, because Postgres stays away: response {ResponseId}, tenant {Tenant}, key {Key}, model {Model}, {InputTokens} + {OutputTokens} tokens.")]
    public static partial void LedgerRowDropped(
        this ILogger logger, string responseId, string tenant, string key, string model, long inputTokens, long outputTokens);
}
