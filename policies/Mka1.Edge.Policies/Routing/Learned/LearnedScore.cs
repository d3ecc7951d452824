using Mka1.Edge.Policies.Routing.Text;

namespace Mka1.Edge.Policies.Routing.Learned;

/// <summary>What the weights say about a text.</summary>
/// <param name="Probability">Calibrated probability that a strong model gets it right and a weak one does not.</param>
/// <param name="Gain">What a middle model gains over a quantized one, as a share of right answers.</param>
/// <param name="Level">Both on the scale of the tiers.</param>
/// <param name="Traits">What the rules look at.</param>
internal readonly record struct LearnedScore(double Probability, double Gain, float Level, TextTraits Traits);
