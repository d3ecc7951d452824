using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Policies.Quota;

namespace Mka1.Edge.Gateway.Configuration;

/// <summary>A secret's hash, what it grants and how much.</summary>
internal sealed record KeyRingEntry(KeyHash Hash, KeyGrant Grant, QuotaLimits Limits);
