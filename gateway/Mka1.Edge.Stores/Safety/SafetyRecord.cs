using Mka1.Edge.Policies.Safety;

namespace Mka1.Edge.Stores.Safety;

/// <summary>All that is kept of a subject.</summary>
/// <param name="Tenant">Its tenant.</param>
/// <param name="Subject">The subject.</param>
/// <param name="Counters">What it did.</param>
/// <param name="FirstSeen">When it was first seen.</param>
/// <param name="LastSeen">When it was last seen.</param>
/// <param name="Standing">Where it stands.</param>
public sealed record SafetyRecord(
    string Tenant, SafetySubject Subject, SafetyCounters Counters, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, SafetyStanding Standing)
{
    /// <summary>A subject nothing is known of.</summary>
    public static SafetyRecord New(string tenant, SafetySubject subject, DateTimeOffset now) =>
        new(tenant, subject, default, now, now, SafetyStanding.New(now));
}
