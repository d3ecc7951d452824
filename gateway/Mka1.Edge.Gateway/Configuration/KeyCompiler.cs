using System.Collections.Frozen;
using System.Text.Json;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Keys;
using Microsoft.IdentityModel.Tokens;

namespace Mka1.Edge.Gateway.Configuration;

/// <summary>Makes what requests look up out of what is said of keys in the configuration and in the store.</summary>
internal static class KeyCompiler
{
    /// <summary>A key of the configuration, which has been checked.</summary>
    public static CompiledKey Configured(string tenantId, string keyId, KeyConfig key) =>
        Compile(tenantId, keyId, key) with { Hash = KeyHash.TryParse(key.Hash, out var hash) ? hash : null };

    /// <summary>A key's settings as the store holds them.</summary>
    public static byte[] Write(KeyConfig settings) => JsonSerializer.SerializeToUtf8Bytes(settings, EdgeConfigJson.Options);

    /// <summary>Reads settings as the store holds them; null when they say what this version does not know: to pass over it might allow too much.</summary>
    public static KeyConfig? Read(ReadOnlySpan<byte> settings)
    {
        try
        {
            return JsonSerializer.Deserialize<KeyConfig>(settings, EdgeConfigJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A key as it stands, from both sources. Settings in the configuration come first; the store's word on a secret counts for both.</summary>
    /// <param name="configured">What the configuration says of it.</param>
    /// <param name="stored">What the store says of it.</param>
    /// <param name="bounds">What the store has against the configuration's secret under whatever name; null for nothing.</param>
    /// <returns>The key; null when none of it is in use.</returns>
    /// <exception cref="FormatException">The store's settings cannot be read.</exception>
    public static RingKey? Merge(CompiledKey? configured, StoredKey? stored, SecretBounds? bounds)
    {
        if (stored?.RevokedAt is not null) return null;
        if ((configured ?? Stored(stored)) is not { } key) return null;

        var secrets = new List<KeyRingEntry>();
        foreach (var secret in stored?.Secrets ?? [])
        {
            if (secret.RevokedAt is null) secrets.Add(Entry(key, KeyHash.Of(secret.Hash.Span), secret.ExpiresAt));
        }

        if (key.Hash is { } hash && bounds?.IsRevoked != true && stored?.Secrets.Any(secret => KeyHash.Of(secret.Hash.Span).Equals(hash)) != true)
            secrets.Add(Entry(key, hash, bounds?.ExpiresAt));
        if (secrets.Count == 0) return null;
        var longest = secrets.MaxBy(secret => secret.Grant.ExpiresAt ?? DateTimeOffset.MaxValue)!;
        return new RingKey(longest, key.DelegationKeys, [.. secrets]);
    }

    private static CompiledKey? Stored(StoredKey? stored)
    {
        // Taken in from a configuration that no longer has it.
        if (stored is not { Settings: { } settings }) return null;
        return Compile(stored.TenantId, stored.Id, Read(settings.Span) ?? throw new FormatException());
    }

    private static CompiledKey Compile(string tenantId, string keyId, KeyConfig key) => new(
        new KeyGrant(
            tenantId,
            keyId,
            key.Models.ToFrozenSet(StringComparer.Ordinal),
            key.OnBehalfOf,
            key.ExpiresAt,
            key.Endpoints.Count == 0 ? null : key.Endpoints.ToFrozenSet(StringComparer.Ordinal),
            key.Admin,
            key.DisconnectGraceSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null),
        EdgeSnapshot.QuotaLimitsOf(key),
        [.. key.Delegation.PublicKeys.Select(PublicKeyText.Read).OfType<System.Security.Cryptography.ECDsa>().Select(ec => new ECDsaSecurityKey(ec))],
        null);

    private static KeyRingEntry Entry(CompiledKey key, KeyHash hash, DateTimeOffset? expiresAt) =>
        new(hash, expiresAt is null || key.Grant.ExpiresAt <= expiresAt ? key.Grant : key.Grant with { ExpiresAt = expiresAt }, key.Limits);
}
