namespace Mka1.Edge.Policies.Routing;

/// <summary>How hard a request looks.</summary>
/// <param name="Level">Sum of all signals.</param>
/// <param name="DesiredTier">The tier it asks for.</param>
/// <param name="Probability">Calibrated probability that only a strong model gets the text right.</param>
/// <param name="Contributions">The signals in words; empty unless they were asked for.</param>
public readonly record struct ComplexityScore(float Level, Tier DesiredTier, double Probability, IReadOnlyList<Contribution> Contributions)
{
    /// <summary>The level as a whole number; halves go up, so that it always lies in the same tier as the level.</summary>
    public int Score => (int)MathF.Floor(Level + 0.5f);

    /// <summary>The signals in words.</summary>
    public IReadOnlyList<string> Reasons => [.. Contributions.Select(c => c.Reason)];

    /// <summary>The same with one more reason, when reasons were asked for.</summary>
    public ComplexityScore Because(string reason) => this with { Contributions = [.. Contributions, new Contribution(0, reason)] };
}
