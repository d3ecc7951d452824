using System.Globalization;
using Yarp.ReverseProxy.Forwarder;

namespace Mka1.Edge.Gateway.Forwarding;

/// <summary>Makes the HTTP clients that reach model servers.</summary>
internal sealed class UpstreamHttpClientFactory : ForwarderHttpClientFactory
{
    /// <summary>Connections are renewed this often, so that a changed address record is followed.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
    {
        base.ConfigureHandler(context, handler);
        if (context.NewMetadata?.GetValueOrDefault(PoolClusters.ConnectTimeoutKey) is { } seconds)
            handler.ConnectTimeout = TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture));
        handler.PooledConnectionLifetime = ConnectionLifetime;

        // An answer nobody wants any more is cut, not read to its end: the model would go on decoding for as long as we drain.
        handler.MaxResponseDrainSize = 0;

        // UpstreamExchange writes traceparent itself; the default propagator would pass the client's baggage on too.
        handler.ActivityHeadersPropagator = null;
    }
}
