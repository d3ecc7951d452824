using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Stores.Keys;

namespace Mka1.Edge.Gateway.Identity;

/// <summary>A key as those who administer it see it: everything but its secrets, of which only the hint is shown.</summary>
internal sealed record KeyView(
    string Id,
    string Tenant,
    string Status,
    string Source,
    long? CreatedAt,
    long? ExpiresAt,
    long? RevokedAt,
    IReadOnlyList<string> Models,
    IReadOnlyList<string> Endpoints,
    string OnBehalfOf,
    bool Admin,
    KeyLimitsView Limits,
    double? DisconnectGraceSeconds,
    IReadOnlyList<string> DelegationPublicKeys,
    IReadOnlyList<SecretView> Secrets)
{
    public string Object { get; } = "api_key";

    /// <summary>The new secret; in the answer that made it, and never again.</summary>
    public string? Key { get; init; }

    /// <summary>The private key to mint delegated keys with; in the answer that made it, and never again.</summary>
    public string? DelegationPrivateKey { get; init; }

    /// <param name="tenantId">Whose it is.</param>
    /// <param name="keyId">Its name.</param>
    /// <param name="readable">What it may do; null when that stands nowhere any more, or in words that this version does not know.</param>
    /// <param name="source">Where that stands.</param>
    /// <param name="stored">What the store has of it; null for nothing.</param>
    /// <param name="configured">The configuration's secret; null for none.</param>
    /// <param name="now">The present instant.</param>
    public static KeyView Of(
        string tenantId, string keyId, KeyConfig? readable, string source, StoredKey? stored, StoredSecret? configured, DateTimeOffset now)
    {
        var settings = readable ?? new KeyConfig();
        var known = stored?.Secrets ?? [];
        var all = configured is null || known.Any(secret => secret.Id == configured.Id) ? known : [configured, .. known];
        var secrets = all.Select(secret => SecretView.Of(secret, isKnown: known.Contains(secret), now)).ToList();
        var status = stored?.RevokedAt is not null ? "revoked"
            : readable is null ? "unusable"
            : settings.ExpiresAt <= now || !secrets.Any(secret => secret.Status == "active") ? "expired"
            : "active";
        return new KeyView(
            keyId,
            tenantId,
            status,
            source,
            stored?.CreatedAt.ToUnixTimeSeconds(),
            settings.ExpiresAt?.ToUnixTimeSeconds(),
            stored?.RevokedAt?.ToUnixTimeSeconds(),
            settings.Models,
            settings.Endpoints,
            settings.OnBehalfOf.ToString().ToLowerInvariant(),
            settings.Admin,
            new KeyLimitsView(settings.Requests, settings.Tokens, settings.Cost, settings.Concurrency),
            settings.DisconnectGraceSeconds,
            settings.Delegation.PublicKeys,
            secrets);
    }
}
