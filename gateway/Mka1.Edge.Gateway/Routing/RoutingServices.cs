using Mka1.Edge.Gateway.Reload;

namespace Mka1.Edge.Gateway.Routing;

/// <summary>Registers Routing.</summary>
internal static class RoutingServices
{
    public static IServiceCollection AddEdgeRouting(this IServiceCollection services)
    {
        services.AddSingleton<RoutingModels>();
        services.AddFollower<RoutingModels>();
        services.AddHostedService(provider => provider.GetRequiredService<RoutingModels>());
        return services.AddSingleton<RoutingStage>();
    }
}
