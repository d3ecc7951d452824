namespace Mka1.Edge.Policies.Safety;

/// <summary>Where a subject stands.</summary>
/// <param name="Score">Its risk.</param>
/// <param name="Rung">The rung its score has brought it to.</param>
/// <param name="Since">Since when it is on that rung.</param>
/// <param name="Override">An operator's word, which counts for more than the rung.</param>
public sealed record SafetyStanding(SafetyScore Score, SafetyRung Rung, DateTimeOffset Since, SafetyOverride? Override = null)
{
    /// <summary>Where everybody begins.</summary>
    public static SafetyStanding New(DateTimeOffset now) => new(new SafetyScore(0, now), SafetyRung.Allow, now);

    /// <summary>The rung that requests are treated by.</summary>
    public SafetyRung EffectiveAt(DateTimeOffset now) => Override is { } word && word.HoldsAt(now) ? word.Rung : Rung;
}
