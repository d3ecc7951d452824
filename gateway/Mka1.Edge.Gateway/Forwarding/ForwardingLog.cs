using Yarp.ReverseProxy.Forwarder;

namespace Mka1.Edge.Gateway.Forwarding;

/// <summary>Log events of Forwarding: 1700–1799.</summary>
internal static partial class ForwardingLog
{
    [LoggerMessage(1700, LogLevel.Warning, "Request {RequestId}: destination {Pool}/{Destination} did not answer ({Error}).")]
    public static partial void DestinationFailed(
        this ILogger logger, string requestId, string pool, string destination, ForwarderError error, Exception? exception);

    [LoggerMessage(1701, LogLevel.Warning, "Request {RequestId}: the answer of {Destination} failed ({Error}).")]
    public static partial void AnswerFailed(
        this ILogger logger, string requestId, string? destination, ForwarderError error, Exception exception);
}
