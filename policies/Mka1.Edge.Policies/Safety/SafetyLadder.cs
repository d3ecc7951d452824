namespace Mka1.Edge.Policies.Safety;

/// <summary>How the ladder is set up.</summary>
/// <param name="HalfLife">The time in which a score halves.</param>
/// <param name="Thresholds">The score from which each rung above <see cref="SafetyRung.Allow"/> holds, lowest first.</param>
/// <param name="ReleaseRatio">The part of its threshold that a score must sink below before a rung is left downwards.</param>
/// <param name="MinimumDwell">The time for which a rung is held at least.</param>
/// <param name="SlowDelay">By how much <see cref="SafetyRung.Slow"/> holds a request back.</param>
/// <param name="ReviewDelay">By how much <see cref="SafetyRung.Review"/> does.</param>
public sealed record SafetyLadder(
    TimeSpan HalfLife, IReadOnlyList<double> Thresholds, double ReleaseRatio, TimeSpan MinimumDwell, TimeSpan SlowDelay, TimeSpan ReviewDelay)
{
    /// <summary>The ladder of a configuration that says nothing about it.</summary>
    public static SafetyLadder Default { get; } = new(
        TimeSpan.FromHours(1), [10, 20, 40, 80], 0.5, TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2));

    /// <summary>The score from which <paramref name="rung"/> holds.</summary>
    public double ThresholdOf(SafetyRung rung) => Thresholds[(int)rung - 1];

    /// <summary>The highest rung whose threshold <paramref name="score"/> has reached.</summary>
    public SafetyRung RungOf(double score)
    {
        var rung = SafetyRung.Block;
        while (rung > SafetyRung.Allow && score < ThresholdOf(rung)) rung--;
        return rung;
    }
}
