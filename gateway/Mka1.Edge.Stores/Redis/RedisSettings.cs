using StackExchange.Redis;

namespace Mka1.Edge.Stores.Redis;

/// <summary>The driver's options as the gateway needs them, whatever the configuration says about addresses, users and TLS.</summary>
internal static class RedisSettings
{
    private const int ReconnectMilliseconds = 500;

    public static ConfigurationOptions Read(string configuration, TimeSpan patience)
    {
        var milliseconds = (int)Math.Clamp(patience.TotalMilliseconds, 1, int.MaxValue);
        var options = ConfigurationOptions.Parse(configuration);
        options.AbortOnConnectFail = false;
        options.ConnectRetry = 1;
        options.ConnectTimeout = milliseconds;
        options.SyncTimeout = milliseconds;
        options.ReconnectRetryPolicy = new LinearRetry(ReconnectMilliseconds);

        // Seconds. A connection whose other end has gone without a word is found out by the answer that does not come; the
        // kernel alone would take a quarter of an hour.
        options.KeepAlive = 1;

        // Scripts publish without the driver's help, so a prefix of the driver's would part them from who listens.
        options.ChannelPrefix = default;
        options.TieBreaker = "";
        options.ClientName ??= "mka1-edge";
        return options;
    }
}
