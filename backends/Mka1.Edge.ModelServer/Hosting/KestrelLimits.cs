using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Mka1.Edge.ModelServer.Hosting;

/// <summary>Bounds what one caller can hold of the server.</summary>
internal sealed class KestrelLimits(IOptions<ModelServerOptions> options) : IConfigureOptions<KestrelServerOptions>
{
    public void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = options.Value.MaxRequestBytes;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        // Longer than a gateway keeps an idle connection, so that it is the one to close it and never writes into a closed one.
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(5);
    }
}
