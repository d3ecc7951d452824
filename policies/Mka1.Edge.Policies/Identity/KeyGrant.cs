namespace Mka1.Edge.Policies.Identity;

/// <summary>What one API key stands for: whose it is and what it may do.</summary>
/// <param name="TenantId">The tenant that owns the key.</param>
/// <param name="KeyId">The key's public name, fit for logs.</param>
/// <param name="Models">Models the key may name; empty means every model.</param>
/// <param name="OnBehalfOf">Whether the key may act for end users.</param>
/// <param name="ExpiresAt">The instant from which the key is refused; null for never.</param>
public sealed record KeyGrant(
    string TenantId,
    string KeyId,
    IReadOnlySet<string> Models,
    OnBehalfOfRule OnBehalfOf = OnBehalfOfRule.Allowed,
    DateTimeOffset? ExpiresAt = null)
{
    /// <summary>Whether the key may use <paramref name="model"/>.</summary>
    public bool Permits(string model) => Models.Count == 0 || Models.Contains(model);
}
