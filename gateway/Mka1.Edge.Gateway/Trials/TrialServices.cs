using Mka1.Edge.Gateway.Reload;

namespace Mka1.Edge.Gateway.Trials;

/// <summary>Registers what is on trial: canaries, shadows, a candidate's weights.</summary>
internal static class TrialServices
{
    public static IServiceCollection AddTrials(this IServiceCollection services)
    {
        services.AddSingleton<TrialBoard>();
        services.AddSingleton<ShadowMirror>();
        services.AddSingleton<CandidateBoard>();
        services.AddSingleton<RoutingCandidate>();
        services.AddFollower<RoutingCandidate>();
        services.AddHostedService(provider => provider.GetRequiredService<RoutingCandidate>());
        return services.AddSingleton<TrialDesk>();
    }
}
