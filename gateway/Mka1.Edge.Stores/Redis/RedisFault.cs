using System.Net.Sockets;
using StackExchange.Redis;

namespace Mka1.Edge.Stores.Redis;

/// <summary>What the driver's exceptions mean.</summary>
internal static class RedisFault
{
    /// <summary>Answers of a Redis that runs but can take no (more) data just now.</summary>
    private static readonly string[] Refusals =
        ["LOADING", "OOM", "READONLY", "MISCONF", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "BUSY", "NOREPLICAS", "UNBLOCKED"];

    /// <summary>The connection failed or the answer did not come in time.</summary>
    public static bool IsUnavailable(Exception e) =>
        e is RedisConnectionException or TimeoutException or SocketException or IOException or ObjectDisposedException
        || (e is AggregateException many && many.InnerExceptions.All(IsUnavailable));

    public static bool IsUnableToServe(RedisServerException e) =>
        Refusals.Any(refusal => e.Message.StartsWith(refusal, StringComparison.Ordinal) || e.Message.StartsWith('-' + refusal, StringComparison.Ordinal));

    public static bool IsUnknownScript(RedisServerException e) => e.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal);
}
