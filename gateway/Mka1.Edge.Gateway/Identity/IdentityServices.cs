using Mka1.Edge.Gateway.Reload;

namespace Mka1.Edge.Gateway.Identity;

/// <summary>Registers what Identity needs. Behind the stores: keys are read before the first request, once the schema is there.</summary>
internal static class IdentityServices
{
    public static IServiceCollection AddIdentity(this IServiceCollection services) => services
        .AddSingleton<KeyDirectory>()
        .AddFollower<KeyDirectory>()
        .AddSingleton<DelegatedKeys>()
        .AddSingleton<KeyService>()
        .AddHostedService<KeyFeed>();
}
