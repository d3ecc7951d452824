namespace Mka1.Edge.Gateway.Ingress;

/// <summary>Log events of Ingress: 1000–1099.</summary>
internal static partial class IngressLog
{
    [LoggerMessage(1000, LogLevel.Debug, "Client gone before its answer was complete, request {RequestId}.")]
    public static partial void ClientGone(this ILogger logger, string requestId);

    [LoggerMessage(1001, LogLevel.Error, "Unhandled fault in request {RequestId}.")]
    public static partial void Unhandled(this ILogger logger, string requestId, Exception exception);

    [LoggerMessage(1002, LogLevel.Warning, "Store {Store} is not available, request {RequestId}.")]
    public static partial void StoreUnavailable(this ILogger logger, string store, string requestId);
}
