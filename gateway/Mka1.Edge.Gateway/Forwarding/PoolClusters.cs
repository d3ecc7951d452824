using System.Globalization;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Forwarding.Destinations;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using YarpDestination = Yarp.ReverseProxy.Configuration.DestinationConfig;

namespace Mka1.Edge.Gateway.Forwarding;

/// <summary>Turns pools into YARP clusters: one cluster a pool, under the pool's name.</summary>
internal static class PoolClusters
{
    public const string ConnectTimeoutKey = "connectTimeoutSeconds";
    public const string ApiKeyKey = "apiKey";

    /// <summary>
    /// Longer than any run. YARP would cut a model that thinks in silence after 100 s; the gateway's own deadlines
    /// (first byte, idle) do that work, and know the difference between thinking and hanging.
    /// </summary>
    private static readonly TimeSpan NoActivityTimeout = TimeSpan.FromDays(1);

    public static IReadOnlyList<ClusterConfig> From(EdgeConfig config) =>
        [.. config.Pools.Select(pool => new ClusterConfig
        {
            ClusterId = pool.Key,
            Destinations = pool.Value.Destinations.ToDictionary(
                d => d.Key,
                d => new YarpDestination
                {
                    Address = d.Value.Address,
                    Metadata = d.Value.ApiKey is { } key ? new Dictionary<string, string> { [ApiKeyKey] = key } : null,
                },
                StringComparer.OrdinalIgnoreCase),
            HttpClient = new HttpClientConfig { EnableMultipleHttp2Connections = true },
            HttpRequest = new ForwarderRequestConfig
            {
                ActivityTimeout = NoActivityTimeout,
                AllowResponseBuffering = false,
                Version = System.Net.HttpVersion.Version11,
                VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            },
            HealthCheck = pool.Value.Health.Active is { Enabled: true } active
                ? new HealthCheckConfig
                {
                    Active = new ActiveHealthCheckConfig
                    {
                        Enabled = true,
                        Interval = TimeSpan.FromSeconds(active.IntervalSeconds),
                        Timeout = TimeSpan.FromSeconds(active.TimeoutSeconds),
                        Path = active.Path,
                        Policy = DestinationProbes.PolicyName,
                    },
                }
                : null,
            Metadata = new Dictionary<string, string>
            {
                [ConnectTimeoutKey] = pool.Value.ConnectTimeoutSeconds.ToString(CultureInfo.InvariantCulture),
            },
        })];
}
