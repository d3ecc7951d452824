namespace Mka1.Edge.Gateway.Reload;

/// <summary>Log events of Reload: 2400–2499. Values of settings never stand in them, but for what a fault names.</summary>
internal static partial class ReloadLog
{
    [LoggerMessage(2400, LogLevel.Information, "Configuration {Version} is in use ({Source}); it changes {Changes} things.")]
    public static partial void InUse(this ILogger logger, string version, ConfigSource source, int changes);

    [LoggerMessage(2401, LogLevel.Error, "A configuration was refused ({Source}), {Version} stays in use: {Faults}")]
    public static partial void Refused(this ILogger logger, ConfigSource source, string version, string faults);

    [LoggerMessage(2402, LogLevel.Warning, "These settings stay as they were at the start until a restart: {Keys}.")]
    public static partial void NeedsRestart(this ILogger logger, string keys);

    [LoggerMessage(2403, LogLevel.Warning, "Configuration {Version} is in use again; the file is passed over until it changes.")]
    public static partial void RolledBack(this ILogger logger, string version);

    [LoggerMessage(2404, LogLevel.Error, "Something did not go along with configuration {Version}.")]
    public static partial void FollowerFailed(this ILogger logger, string version, Exception exception);

    [LoggerMessage(2405, LogLevel.Error, "Looking at the configuration file failed.")]
    public static partial void LookFailed(this ILogger logger, Exception exception);

    [LoggerMessage(2406, LogLevel.Information, "The certificate in use ends on {NotAfter}.")]
    public static partial void CertificateInUse(this ILogger logger, DateTime notAfter);

    [LoggerMessage(2407, LogLevel.Error, "The changed certificate cannot be used, the one before stays: {Reason}")]
    public static partial void CertificateRefused(this ILogger logger, string reason);
}
