namespace Mka1.Edge.Gateway.Safety;

/// <summary>Registers the safety ladder.</summary>
internal static class SafetyServices
{
    public static IServiceCollection AddSafety(this IServiceCollection services)
    {
        services.AddSingleton<SafetyTracker>();
        services.AddSingleton<SafetySignals>();
        services.AddSingleton<SafetyWebhooks>();
        services.AddSingleton<SafetyDesk>();
        services.AddSingleton<SafetyStage>();
        services.AddSingleton<DelayRoom>();
        services.AddSingleton<SafetyFlusher>();
        services.AddHostedService(provider => provider.GetRequiredService<SafetyFlusher>());
        return services;
    }
}
