using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Reload;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Mka1.Edge.Gateway.Tls;

/// <summary>Registers what serves https. Without a certificate in the configuration nothing is registered: the framework's own ways then count.</summary>
internal static class TlsServices
{
    public static IServiceCollection AddTls(this IServiceCollection services, TlsConfig? config)
    {
        if (config is null) return services;
        services.AddSingleton<TlsCertificates>();
        services.AddFollower<TlsCertificates>();
        services.AddHostedService(provider => provider.GetRequiredService<TlsCertificates>());
        services.AddOptions<KestrelServerOptions>().Configure<TlsCertificates>(static (kestrel, certificates) => kestrel.ConfigureHttpsDefaults(certificates.Serve));
        return services;
    }
}
