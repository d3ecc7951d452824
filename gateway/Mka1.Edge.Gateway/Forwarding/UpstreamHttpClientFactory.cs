using System.Globalization;
using Yarp.ReverseProxy.Forwarder;

namespace Mka1.Edge.Gateway.Forwarding;

/// <summary>Makes the HTTP clients that reach model servers.</summary>
internal sealed class UpstreamHttpClientFactory : ForwarderHttpClientFactory
{
    /// <summary>Connections are renewed this often, so that a changed address record is followed.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    private const int DrainBytes = 4096;

    private static readonly TimeSpan DrainTime = TimeSpan.FromMilliseconds(250);

    /// <summary>YARP asks only whether its own settings are the same.</summary>
    protected override bool CanReuseOldClient(ForwarderHttpClientContext context) =>
        base.CanReuseOldClient(context)
        && context.OldMetadata?.GetValueOrDefault(PoolClusters.ConnectTimeoutKey) == context.NewMetadata?.GetValueOrDefault(PoolClusters.ConnectTimeoutKey);

    protected override HttpMessageHandler WrapHandler(ForwarderHttpClientContext context, HttpMessageHandler handler) =>
        new WholeBodyHandler(base.WrapHandler(context, handler));

    protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
    {
        base.ConfigureHandler(context, handler);
        if (context.NewMetadata?.GetValueOrDefault(PoolClusters.ConnectTimeoutKey) is { } seconds)
            handler.ConnectTimeout = TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture));
        handler.PooledConnectionLifetime = ConnectionLifetime;

        // What follows the terminal event is a few bytes, worth reading to keep the connection. An answer nobody wants any more
        // is cut: by default it would be read on for two seconds, and the model would go on decoding.
        handler.MaxResponseDrainSize = DrainBytes;
        handler.ResponseDrainTimeout = DrainTime;

        // UpstreamExchange writes traceparent itself; the default propagator would pass the client's baggage on too.
        handler.ActivityHeadersPropagator = null;
    }
}
