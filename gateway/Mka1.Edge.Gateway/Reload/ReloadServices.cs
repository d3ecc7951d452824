using Mka1.Edge.Gateway.Configuration;

namespace Mka1.Edge.Gateway.Reload;

/// <summary>Registers what changes the configuration while the gateway runs.</summary>
internal static class ReloadServices
{
    public static IServiceCollection AddReload(this IServiceCollection services, EdgeSnapshot first, ConfigStart start)
    {
        services.AddSingleton(new EdgeConfiguration(first));
        services.AddSingleton(start);
        services.AddSingleton<ConfigReloader>();
        services.AddSingleton<ConfigWatcher>();
        services.AddHostedService(provider => provider.GetRequiredService<ConfigWatcher>());
        return services;
    }

    /// <summary>Registers something that goes along with every configuration.</summary>
    public static IServiceCollection AddFollower<T>(this IServiceCollection services)
        where T : class, IConfigFollower => services.AddSingleton<IConfigFollower>(provider => provider.GetRequiredService<T>());
}
