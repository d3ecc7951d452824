using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Policies.Quota;

namespace Mka1.Edge.Gateway.Configuration;

/// <summary>A key's hash, what it grants and how much.</summary>
internal sealed record KeyRingEntry(byte[] Hash, KeyGrant Grant, QuotaLimits Limits)
{
    /// <summary>Under which name its requests are counted. The limits are part of it, so that changed limits begin with a new count.</summary>
    public string QuotaPartition { get; } =
        $"{Grant.TenantId}\n{Grant.KeyId}\n{Limits.Concurrency}\n{string.Join(',', Limits.Requests)}";
}
