namespace Mka1.Edge.Gateway.Routing;

/// <summary>Log events of Routing: 1600–1699.</summary>
internal static partial class RoutingLog
{
    [LoggerMessage(1600, LogLevel.Information, "Routing weights in use: {Version}.")]
    public static partial void WeightsInUse(this ILogger logger, string version);

    [LoggerMessage(1601, LogLevel.Warning, "The changed weights file {Path} cannot be used, the weights before it stay: {Reason}")]
    public static partial void WeightsRefused(this ILogger logger, string path, string reason);
}
