using Mka1.Edge.Gateway.Idempotency;

namespace Mka1.Edge.Gateway.Runs;

/// <summary>Registers what sees runs through.</summary>
internal static class RunServices
{
    public static IServiceCollection AddRuns(this IServiceCollection services)
    {
        services.AddSingleton<Replica>();
        services.AddSingleton<RunCommit>();
        services.AddSingleton<RunConclusion>();
        services.AddSingleton<LeftLog>();
        services.AddSingleton<RunFailure>();
        services.AddSingleton<RunHost>();
        services.AddSingleton<RunRevival>();
        services.AddSingleton<RunCanceller>();
        services.AddSingleton<RunLauncher>();
        services.AddSingleton<StreamFollower>();
        services.AddSingleton<IdempotencyGate>();
        services.AddSingleton<BackgroundWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<BackgroundWorker>());
        services.AddHostedService<ReplicaKeeper>();
        services.AddHostedService<RunDrain>();
        return services;
    }
}
