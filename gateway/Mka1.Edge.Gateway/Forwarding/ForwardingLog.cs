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

    [LoggerMessage(1702, LogLevel.Information, "Request {RequestId}: {Pool}/{Destination} ended it as {End}; another destination is tried.")]
    public static partial void TriesAnother(this ILogger logger, string requestId, string pool, string destination, AttemptEnd end);

    [LoggerMessage(1703, LogLevel.Warning, "{Pool}/{Destination} rests: too many of its requests failed, the last one as {End}.")]
    public static partial void CircuitOpened(this ILogger logger, string pool, string destination, AttemptEnd end);

    [LoggerMessage(1704, LogLevel.Information, "{Pool}/{Destination} answers again.")]
    public static partial void CircuitClosed(this ILogger logger, string pool, string destination);

    [LoggerMessage(1705, LogLevel.Warning, "{Pool}/{Destination} is left out: its probes fail ({Reason}).")]
    public static partial void ProbesFail(this ILogger logger, string pool, string destination, string reason);

    [LoggerMessage(1706, LogLevel.Information, "{Pool}/{Destination} is well by its probes.")]
    public static partial void ProbesSucceed(this ILogger logger, string pool, string destination);

    [LoggerMessage(1707, LogLevel.Warning, "{Pool}/{Destination} hangs: {Requests} requests that waited there go to another destination.")]
    public static partial void RequestsMoved(this ILogger logger, string pool, string destination, int requests);

    [LoggerMessage(1708, LogLevel.Warning, "An operator has {Pool}/{Destination} drained: {Drained}.")]
    public static partial void DrainChanged(this ILogger logger, string pool, string destination, bool drained);
}
