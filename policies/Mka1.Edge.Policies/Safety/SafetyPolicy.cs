using System.Diagnostics;

namespace Mka1.Edge.Policies.Safety;

/// <summary>
/// The ladder: up at once when the score reaches a threshold, down one rung at a time when it has sunk well below and the rung has
/// been held for a while. Where a subject stands is a function of its score and of time, so it does not matter when one looks.
/// </summary>
public static class SafetyPolicy
{
    /// <summary>What to do with a request.</summary>
    /// <param name="subject">Whom the request is from; null when it named nobody.</param>
    /// <param name="pinned">Subjects that the configuration blocks, whatever they do.</param>
    /// <param name="rung">The rung the subject stands on.</param>
    /// <param name="ladder">How the ladder is set up.</param>
    public static SafetyDecision Decide(SafetySubject? subject, IReadOnlySet<SafetySubject> pinned, SafetyRung rung, SafetyLadder ladder) =>
        subject is not { } known ? SafetyDecision.Allow.Instance
        : pinned.Contains(known) ? SafetyDecision.Block.Instance
        : rung switch
        {
            SafetyRung.Allow => SafetyDecision.Allow.Instance,
            SafetyRung.Warn => SafetyDecision.Warn.Instance,
            SafetyRung.Slow => new SafetyDecision.Slow(ladder.SlowDelay),
            SafetyRung.Review => new SafetyDecision.Review(ladder.ReviewDelay),
            SafetyRung.Block => SafetyDecision.Block.Instance,
            _ => throw new UnreachableException(),
        };

    /// <summary>Where a subject stands once time has passed: overrides end and rungs are left.</summary>
    /// <param name="standing">Where it stood.</param>
    /// <param name="ladder">How the ladder is set up.</param>
    /// <param name="now">Up to when.</param>
    /// <param name="steps">Takes the steps on the way, in their order; null when nobody asks.</param>
    public static SafetyStanding Advance(SafetyStanding standing, SafetyLadder ladder, DateTimeOffset now, List<SafetyStep>? steps = null)
    {
        while (NextChange(standing, ladder) is { } at && at <= now)
        {
            var next = standing.Override?.Until <= at
                ? standing with { Override = null }
                : standing with { Rung = standing.Rung - 1, Since = at };
            Note(standing, next, ladder, at, next.Override == standing.Override ? SafetyStepReason.Decay : SafetyStepReason.OverrideEnded, steps);
            standing = next;
        }

        return standing with { Score = standing.Score.DecayedTo(now, ladder.HalfLife) };
    }

    /// <summary>Where a subject stands once signals have come in.</summary>
    /// <param name="standing">Where it stood.</param>
    /// <param name="signals">The weights of the signals, and when.</param>
    /// <param name="ladder">How the ladder is set up.</param>
    /// <param name="steps">Takes the steps on the way, in their order; null when nobody asks.</param>
    public static SafetyStanding Raise(SafetyStanding standing, SafetyScore signals, SafetyLadder ladder, List<SafetyStep>? steps = null)
    {
        standing = Advance(standing, ladder, signals.At, steps);
        var score = standing.Score.Plus(signals, ladder.HalfLife);
        var rung = ladder.RungOf(score.Value);
        var next = rung > standing.Rung ? new SafetyStanding(score, rung, score.At, standing.Override) : standing with { Score = score };
        Note(standing, next, ladder, score.At, SafetyStepReason.Score, steps);
        return next;
    }

    /// <summary>Where a subject stands once an operator has spoken.</summary>
    /// <param name="standing">Where it stood.</param>
    /// <param name="word">The operator's word; null takes an earlier one back.</param>
    /// <param name="ladder">How the ladder is set up.</param>
    /// <param name="now">When.</param>
    /// <param name="steps">Takes the steps on the way, in their order; null when nobody asks.</param>
    public static SafetyStanding Pin(SafetyStanding standing, SafetyOverride? word, SafetyLadder ladder, DateTimeOffset now, List<SafetyStep>? steps = null)
    {
        standing = Advance(standing, ladder, now, steps);
        var next = standing with { Override = word };
        Note(standing, next, ladder, now, word is null ? SafetyStepReason.OverrideEnded : SafetyStepReason.Override, steps);
        return next;
    }

    /// <summary>When time alone will change where a subject stands; null for never.</summary>
    public static DateTimeOffset? NextChange(SafetyStanding standing, SafetyLadder ladder)
    {
        DateTimeOffset? release = null;
        if (standing.Rung > SafetyRung.Allow)
        {
            var sunk = standing.Score.Below(ladder.ThresholdOf(standing.Rung) * ladder.ReleaseRatio, ladder.HalfLife);
            var held = standing.Since + ladder.MinimumDwell;
            release = sunk > held ? sunk : held;
        }

        return standing.Override?.Until is { } end && !(release < end) ? end : release;
    }

    private static void Note(
        SafetyStanding before, SafetyStanding after, SafetyLadder ladder, DateTimeOffset at, SafetyStepReason reason, List<SafetyStep>? steps)
    {
        if (steps is null) return;
        var (from, to) = (before.Override?.Rung ?? before.Rung, after.Override?.Rung ?? after.Rung);
        if (from != to) steps.Add(new SafetyStep(at, from, to, after.Score.DecayedTo(at, ladder.HalfLife).Value, reason));
    }
}
