using Mka1.Edge.Gateway.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mka1.Edge.Gateway.Admin;

/// <summary>Registers the operators' listener.</summary>
internal static class AdminServices
{
    public static IServiceCollection AddAdmin(this IServiceCollection services, AdminConfig config)
    {
        services.TryAddSingleton(provider => new AdminListener(provider, config));
        services.AddHostedService(provider => provider.GetRequiredService<AdminListener>());
        return services;
    }
}
