namespace Mka1.Edge.Policies.Balancing;

/// <summary>What a model server said of its own load.</summary>
/// <param name="Queued">Requests that wait there for a place.</param>
/// <param name="Active">Requests it works on.</param>
/// <param name="CacheUsed">The part of its key-value cache in use, 0 to 1; null when it does not say.</param>
/// <param name="At">When it came, of one monotonic clock.</param>
/// <param name="Outstanding">Our own requests under way there at that time.</param>
public sealed record LoadReport(double Queued, double Active, double? CacheUsed, TimeSpan At, int Outstanding)
{
    /// <summary>After this a report says nothing any more.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(10);

    /// <summary>
    /// What a server has to do now: what it reported, and the change in our own requests since. One that waits counts twice, for
    /// where one waits the next one does too. Without a fresh report, our own requests.
    /// </summary>
    public static double Estimate(LoadReport? report, int outstanding, TimeSpan now)
    {
        if (report is null || now - report.At > Freshness) return outstanding;
        return Math.Max(outstanding, report.Active + report.Queued + outstanding - report.Outstanding) + report.Queued;
    }
}
