namespace Mka1.Edge.Gateway.Trials;

/// <summary>Log events of Trials: 2300–2399.</summary>
internal static partial class TrialLog
{
    [LoggerMessage(2300, LogLevel.Error, "Request {RequestId} could not be mirrored.")]
    public static partial void ShadowFaulted(this ILogger logger, string requestId, Exception exception);
}
