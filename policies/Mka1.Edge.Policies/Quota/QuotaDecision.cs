namespace Mka1.Edge.Policies.Quota;

/// <summary>What a quota says of a request.</summary>
/// <param name="Readings">Every counter that was asked, in the order of the charges.</param>
public abstract record QuotaDecision(IReadOnlyList<QuotaReading> Readings)
{
    /// <summary>All charges are taken, with <paramref name="Units"/> units.</summary>
    public sealed record Granted(long Units, IReadOnlyList<QuotaReading> Readings) : QuotaDecision(Readings);

    /// <summary>Nothing is taken.</summary>
    /// <param name="Refusing">The counter that will have room last.</param>
    /// <param name="RetryAfter">When it will, if nobody takes more meanwhile; null when its limit is below what is asked, or nobody can know (concurrency).</param>
    /// <param name="Readings">Every counter that was asked.</param>
    public sealed record Exhausted(QuotaReading Refusing, TimeSpan? RetryAfter, IReadOnlyList<QuotaReading> Readings) : QuotaDecision(Readings);
}
