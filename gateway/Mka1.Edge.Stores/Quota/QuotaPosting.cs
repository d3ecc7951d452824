using Mka1.Edge.Policies.Quota;

namespace Mka1.Edge.Stores.Quota;

/// <summary>What a request has come to, on its way to Redis.</summary>
/// <param name="Id">Under which its share stands.</param>
/// <param name="Usage">What it has come to.</param>
/// <param name="Counters">Those of which something was taken while Redis was away; empty when Redis knows all of the share.</param>
/// <param name="Reclaims">Whether its holder, should it live, may still say more.</param>
internal sealed record QuotaPosting(string Id, QuotaUsage Usage, IReadOnlyCollection<QuotaCounter> Counters, bool Reclaims = false);
