using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Policies.Quota;
using Microsoft.IdentityModel.Tokens;

namespace Mka1.Edge.Gateway.Configuration;

/// <summary>What is said of a key, compiled: its settings, and the hash beside them when they stand in the configuration.</summary>
/// <param name="Grant">What it grants.</param>
/// <param name="Limits">How much.</param>
/// <param name="DelegationKeys">Whose signatures make keys below it.</param>
/// <param name="Hash">The configuration's secret; null when the store has all of them.</param>
internal sealed record CompiledKey(KeyGrant Grant, QuotaLimits Limits, IReadOnlyList<SecurityKey> DelegationKeys, KeyHash? Hash);
