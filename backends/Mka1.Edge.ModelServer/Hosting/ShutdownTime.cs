using Microsoft.Extensions.Options;

namespace Mka1.Edge.ModelServer.Hosting;

/// <summary>Lets the host wait for answers to drain, and for those cut off then to say so.</summary>
internal sealed class ShutdownTime(IOptions<ModelServerOptions> options) : IConfigureOptions<HostOptions>
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    public void Configure(HostOptions host) => host.ShutdownTimeout = options.Value.Drain + Farewell;
}
