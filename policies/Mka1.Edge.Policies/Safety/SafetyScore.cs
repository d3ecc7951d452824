namespace Mka1.Edge.Policies.Safety;

/// <summary>
/// A risk score at an instant. It halves every half-life, so that scores taken at different times, by different replicas, can be
/// added in any order.
/// </summary>
/// <param name="Value">The score at <paramref name="At"/>; never negative.</param>
/// <param name="At">When it had that value.</param>
public readonly record struct SafetyScore(double Value, DateTimeOffset At)
{
    /// <summary>The same score at a later instant; as it is when <paramref name="now"/> is not later.</summary>
    public SafetyScore DecayedTo(DateTimeOffset now, TimeSpan halfLife) =>
        now <= At ? this : new SafetyScore(Value * Math.Pow(2, -((now - At) / halfLife)), now);

    /// <summary>Both scores together, at the later of their instants.</summary>
    public SafetyScore Plus(SafetyScore other, TimeSpan halfLife)
    {
        var now = At > other.At ? At : other.At;
        return new SafetyScore(DecayedTo(now, halfLife).Value + other.DecayedTo(now, halfLife).Value, now);
    }

    /// <summary>When the score has sunk below <paramref name="threshold"/>.</summary>
    public DateTimeOffset Below(double threshold, TimeSpan halfLife)
    {
        if (Value < threshold) return At;
        var halfLives = Math.Log2(Value / threshold);

        // One tick more: at the very instant it stands at the threshold and not below. Far ahead is as good as never.
        return halfLives >= (DateTimeOffset.MaxValue - At) / halfLife - 1 ? DateTimeOffset.MaxValue : At + halfLife * halfLives + TimeSpan.FromTicks(1);
    }
}
