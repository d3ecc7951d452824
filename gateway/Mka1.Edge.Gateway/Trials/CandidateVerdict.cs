using Mka1.Edge.Policies.Routing;

namespace Mka1.Edge.Gateway.Trials;

/// <summary>What the candidate's weights would have done with a request.</summary>
/// <param name="Tier">The tier they would have sent it to.</param>
/// <param name="Disagreement">What both sides saw, where that is another tier; null where it is the same.</param>
internal sealed record CandidateVerdict(Tier Tier, Disagreement? Disagreement);
