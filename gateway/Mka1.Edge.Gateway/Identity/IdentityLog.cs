namespace Mka1.Edge.Gateway.Identity;

/// <summary>Log events of Identity: 1100–1199. Keys appear in none of them.</summary>
internal static partial class IdentityLog
{
    [LoggerMessage(1100, LogLevel.Warning, "Keys cannot be read from the store ({Reason}). Those known here stay in use; changes elsewhere come in when it is back.")]
    public static partial void KeysAway(this ILogger logger, string? reason);

    [LoggerMessage(1101, LogLevel.Information, "Keys are read from the store: {Count} secrets are in use.")]
    public static partial void KeysRead(this ILogger logger, int count);

    [LoggerMessage(1102, LogLevel.Error, "The key {KeyId} of tenant {Tenant} is out of use: its settings in the store are none that this version knows.")]
    public static partial void KeyUnreadable(this ILogger logger, string tenant, string keyId);

    [LoggerMessage(1103, LogLevel.Error, "Reading keys failed.")]
    public static partial void KeysFailed(this ILogger logger, Exception exception);

    [LoggerMessage(1104, LogLevel.Debug, "A delegated key was refused: {Reason}.")]
    public static partial void DelegationRefused(this ILogger logger, string reason);
}
