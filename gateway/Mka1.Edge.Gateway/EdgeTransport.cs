using System.Text;
using Mka1.Edge.Gateway.Configuration;

namespace Mka1.Edge.Gateway;

/// <summary>How the gateway listens: limits that hold before a request is looked at.</summary>
internal static class EdgeTransport
{
    /// <summary>A gateway's clients send few and small headers.</summary>
    private const int MaxRequestHeaderBytes = 32 * 1024;

    /// <summary>For what is left to write once the last connection is closed.</summary>
    private static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(10);

    public static void Configure(WebApplicationBuilder builder, LimitsConfig limits)
    {
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = limits.MaxRequestBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = MaxRequestHeaderBytes;

            // A stalled reader is cut by StallGuard, which also frees the model server; the rate rule would take minutes.
            kestrel.Limits.MinResponseDataRate = null;

            // Read header bytes as they are, so that a value beyond ASCII gets our envelope and not a bare 400.
            kestrel.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
        });
        builder.Services.Configure<HostOptions>(
            host => host.ShutdownTimeout = TimeSpan.FromSeconds(limits.ShutdownDelaySeconds + limits.ShutdownSeconds) + Afterwards);
        builder.Services.AddHostedService(provider => new ShutdownDelay(
            TimeSpan.FromSeconds(limits.ShutdownDelaySeconds), provider.GetRequiredService<TimeProvider>()));
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);

        // With it the framework would make a trace and a scope of every request; RequestTelemetryMiddleware does, where they are wanted.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);

        // The forwarder warns of every client that leaves; ForwardingStage logs what is worth a line.
        builder.Logging.AddFilter("Yarp", LogLevel.Error);
    }
}
