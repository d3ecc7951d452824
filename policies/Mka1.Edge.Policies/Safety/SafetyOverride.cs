namespace Mka1.Edge.Policies.Safety;

/// <summary>An operator's word, which stands in place of the score's.</summary>
/// <param name="Rung">The rung the subject is held on.</param>
/// <param name="Until">The instant from which the score counts again; null for until it is cleared.</param>
public sealed record SafetyOverride(SafetyRung Rung, DateTimeOffset? Until)
{
    /// <summary>Whether it holds at <paramref name="now"/>.</summary>
    public bool HoldsAt(DateTimeOffset now) => Until is not { } end || now < end;
}
