using Mka1.Edge.Policies.Safety;

namespace Mka1.Edge.Stores.Safety;

/// <summary>What one replica has seen of a subject since it last said so.</summary>
/// <param name="Tenant">The subject's tenant.</param>
/// <param name="Subject">The subject.</param>
/// <param name="Counters">What it did.</param>
/// <param name="Score">The weights of its signals.</param>
/// <param name="FirstSeen">When the first of it was seen.</param>
/// <param name="LastSeen">When the last of it was seen.</param>
/// <param name="Refusals">Requests that were refused, by the rule that refused them; null for none.</param>
public sealed record SafetyDelta(
    string Tenant,
    SafetySubject Subject,
    SafetyCounters Counters,
    SafetyScore Score,
    DateTimeOffset FirstSeen,
    DateTimeOffset LastSeen,
    IReadOnlyDictionary<string, int>? Refusals = null);
