using Mka1.Edge.Policies.Safety;

namespace Mka1.Edge.Stores.Safety;

/// <summary>One entry of a tenant's audit. Each holds the hash of the one before it.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Seq">Its place in the tenant's chain, from 1.</param>
/// <param name="At">When it happened; whole microseconds.</param>
/// <param name="Actor">Who did it: <c>gateway</c>, <c>cli</c> or <c>key:…</c>.</param>
/// <param name="Kind">One of <see cref="SafetyAuditKind"/>.</param>
/// <param name="Subject">Whom it is about.</param>
/// <param name="From">The rung before.</param>
/// <param name="To">The rung after.</param>
/// <param name="Score">The score then.</param>
/// <param name="Reason">Why.</param>
/// <param name="PrevHash">Hash of the entry before it; zeros for the first.</param>
/// <param name="Hash">Its own hash (<see cref="SafetyChain.HashOf"/>).</param>
public sealed record SafetyAuditEntry(
    string Tenant,
    long Seq,
    DateTimeOffset At,
    string Actor,
    string Kind,
    SafetySubject Subject,
    SafetyRung From,
    SafetyRung To,
    double Score,
    string Reason,
    ReadOnlyMemory<byte> PrevHash,
    ReadOnlyMemory<byte> Hash);
