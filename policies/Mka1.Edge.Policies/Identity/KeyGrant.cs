namespace Mka1.Edge.Policies.Identity;

/// <summary>What one API key stands for: whose it is and what it may do.</summary>
/// <param name="TenantId">The tenant that owns the key.</param>
/// <param name="KeyId">The key's public name, fit for logs.</param>
/// <param name="Models">Models the key may name; empty means every model.</param>
/// <param name="OnBehalfOf">Whether the key may act for end users.</param>
/// <param name="ExpiresAt">The instant from which the key is refused; null for never.</param>
/// <param name="Endpoints">Names out of <see cref="EndpointScope.Names"/>; null or empty means every endpoint but those for administrators.</param>
/// <param name="Admin">Whether the key may use the endpoints for administrators of its own tenant too.</param>
/// <param name="DisconnectGrace">How long a stored stream goes on after its last reader left; null for the gateway's own time.</param>
public sealed record KeyGrant(
    string TenantId,
    string KeyId,
    IReadOnlySet<string> Models,
    OnBehalfOfRule OnBehalfOf = OnBehalfOfRule.Allowed,
    DateTimeOffset? ExpiresAt = null,
    IReadOnlySet<string>? Endpoints = null,
    bool Admin = false,
    TimeSpan? DisconnectGrace = null)
{
    /// <summary>Whether the key may use <paramref name="model"/>.</summary>
    public bool Permits(string model) => Models.Count == 0 || Models.Contains(model);

    /// <summary>The scope that the key lacks for <paramref name="endpoint"/>, in words; null when it lacks none.</summary>
    public string? Lacks(EndpointScope endpoint)
    {
        if (endpoint.AdminOnly && !Admin) return "admin";
        return Endpoints is not { Count: > 0 } || Endpoints.Contains(endpoint.Name) ? null : $"endpoints: {endpoint.Name}";
    }
}
