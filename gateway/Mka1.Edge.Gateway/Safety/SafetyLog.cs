namespace Mka1.Edge.Gateway.Safety;

/// <summary>Log events of Safety: 1400–1499. Neither identifiers nor what was found ever stands in them.</summary>
internal static partial class SafetyLog
{
    [LoggerMessage(1400, LogLevel.Warning, "Safety goes by what this process knows: the store does not answer.")]
    public static partial void StoreAway(this ILogger logger, Exception exception);

    [LoggerMessage(1401, LogLevel.Information, "Safety knows again what the store knows.")]
    public static partial void StoreBack(this ILogger logger);

    [LoggerMessage(1402, LogLevel.Error, "Looking a safety subject up failed.")]
    public static partial void LookupFailed(this ILogger logger, Exception exception);

    [LoggerMessage(1403, LogLevel.Error, "Telling the store of safety subjects failed; it is tried again every second.")]
    public static partial void FlushFailed(this ILogger logger, Exception exception);

    [LoggerMessage(
        1404,
        LogLevel.Warning,
        "Neither safety.hashKey nor stores.encryptionKey is set: safety subjects are known to this process only, and are forgotten with it.")]
    public static partial void OwnHashKey(this ILogger logger);
}
