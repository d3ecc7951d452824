namespace Mka1.Edge.Policies.Quota;

/// <summary>How a counter stands after a decision.</summary>
/// <param name="Counter">The counter.</param>
/// <param name="Used">What of its limit is taken.</param>
/// <param name="ResetAfter">When all of it will be free again if nothing more is taken; zero when it is, and for concurrency.</param>
public readonly record struct QuotaReading(QuotaCounter Counter, long Used, TimeSpan ResetAfter)
{
    public long Remaining => Math.Max(0, Counter.Limit - Used);
}
