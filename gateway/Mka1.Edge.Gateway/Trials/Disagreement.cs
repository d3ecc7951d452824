using Mka1.Edge.Policies.Routing;

namespace Mka1.Edge.Gateway.Trials;

/// <summary>A request that the weights in use and the candidate's would send to different tiers. Nothing of its text is in it.</summary>
/// <param name="At">When.</param>
/// <param name="RequestId">The request.</param>
/// <param name="Family">The family it named.</param>
/// <param name="Current">How the weights in use scored it.</param>
/// <param name="Candidate">How the candidate's did.</param>
/// <param name="Features">What both looked at.</param>
internal sealed record Disagreement(
    DateTimeOffset At, string RequestId, string Family, Disagreement.Side Current, Disagreement.Side Candidate, RoutingFeatures Features)
{
    /// <summary>One side's view of it.</summary>
    /// <param name="Tier">The tier it goes to.</param>
    /// <param name="Level">The sum of all signals.</param>
    /// <param name="Probability">That only a strong model gets it right.</param>
    /// <param name="Reasons">The signals.</param>
    internal sealed record Side(string Tier, float Level, double Probability, IReadOnlyList<Contribution> Reasons)
    {
        public static Side Of(Tier tier, ComplexityScore score) => new(tier.Name(), score.Level, score.Probability, score.Contributions);
    }
}
