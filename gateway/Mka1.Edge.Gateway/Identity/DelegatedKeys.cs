using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Policies.Identity;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Mka1.Edge.Gateway.Identity;

/// <summary>
/// Verifies delegated keys: <c>mkd-</c> and a JWT signed with ES256 by a key that the tenant holds. Nothing is looked up but the
/// key above it, in the ring. A signature is checked once: keys found good are remembered, as long as the one above is unchanged.
/// </summary>
internal sealed class DelegatedKeys(TimeProvider clock, ILogger<DelegatedKeys> logger)
{
    /// <summary>Keys remembered, at most.</summary>
    public const int Capacity = 8192;

    private const int Parts = 3;

    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");
    private static readonly JsonWebTokenHandler Handler = new();
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 4 };

    private readonly RecentlyUsed<KeyHash, VerifiedKey> _known = new(Capacity);

    /// <summary>Keys remembered now.</summary>
    public int Remembered => _known.Count;

    /// <summary>Whether a bearer value is meant to be a delegated key.</summary>
    public static bool IsMeant(ReadOnlySpan<char> value) => value.StartsWith(DelegationPolicy.Prefix, StringComparison.Ordinal);

    /// <summary>What a delegated key leads to; null when it is not valid.</summary>
    public ValueTask<VerifiedKey?> FindAsync(KeyRing ring, ReadOnlySpan<char> key)
    {
        if (key.Length > DelegationPolicy.MaxLength || key.ContainsAnyExcept(TokenCharacters)) return ValueTask.FromResult<VerifiedKey?>(null);
        Span<byte> bytes = stackalloc byte[DelegationPolicy.MaxLength];
        Span<byte> digest = stackalloc byte[KeyHash.Size];
        SHA256.HashData(bytes[..Encoding.ASCII.GetBytes(key, bytes)], digest);
        var hash = KeyHash.Of(digest);
        if (_known.TryGet(hash, out var known) && ReferenceEquals(ring.FindById(known.Above.Grant.TenantId, known.Above.Grant.KeyId), known.Above))
            return ValueTask.FromResult<VerifiedKey?>(known);
        return VerifyAsync(ring, hash, key[DelegationPolicy.Prefix.Length..].ToString());
    }

    private async ValueTask<VerifiedKey?> VerifyAsync(KeyRing ring, KeyHash hash, string token)
    {
        // What costs little comes first: only what names a key that may delegate makes us look at a signature.
        if (Read(token) is not { } jwt) return Refuse("it is no JWT in three parts");
        if (jwt.Alg != SecurityAlgorithms.EcdsaSha256) return Refuse("'alg' must be ES256");
        if (jwt.TryGetHeaderValue<object>("crit", out _)) return Refuse("'crit' asks for what is not known here");
        if (Above(ring, jwt.Kid) is not { DelegationKeys.Count: > 0 } above) return Refuse("'kid' names no key in use, as tenant/key, that has delegation.publicKeys");
        var result = await Handler.ValidateTokenAsync(jwt, Checks(above));
        if (!result.IsValid) return Refuse("its signature is by none of the keys in delegation.publicKeys");
        if (Claims(above.Grant.KeyId, jwt) is not { } claims) return Refuse("a claim has the wrong type");
        switch (DelegationPolicy.Decide(claims, clock.GetUtcNow()))
        {
            case DelegationDecision.Accepted accepted:
                // An administrator's key lends everything but administration.
                var verified = new VerifiedKey(above, above.Lasting with { Hash = hash, Grant = above.Grant with { Admin = false } }, accepted.Delegation);
                _known.Set(hash, verified);
                return verified;
            case DelegationDecision.Refused refused:
                return Refuse(refused.Reason);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private VerifiedKey? Refuse(string reason)
    {
        logger.DelegationRefused(reason);
        return null;
    }

    private static JsonWebToken? Read(string token)
    {
        if (token.AsSpan().Count('.') != Parts - 1) return null;
        try
        {
            return new JsonWebToken(token);
        }
        catch (Exception e) when (e is ArgumentException or SecurityTokenException or JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    private static RingKey? Above(KeyRing ring, string? kid) =>
        kid?.IndexOf('/', StringComparison.Ordinal) is { } slash and > 0 ? ring.FindById(kid[..slash], kid[(slash + 1)..]) : null;

    /// <summary>The signature alone is left to the library: the claims are judged by our own clock and rules.</summary>
    private static TokenValidationParameters Checks(RingKey above) => new()
    {
        ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
        RequireSignedTokens = true,
        ValidateIssuerSigningKey = false,
        IssuerSigningKeyResolver = (_, _, _, _) => above.DelegationKeys,
        ValidateIssuer = false,
        ValidateAudience = false,
        ValidateLifetime = false,
    };

    /// <summary>The claims; null when one of them is not of its type.</summary>
    private static DelegationClaims? Claims(string keyId, JsonWebToken jwt)
    {
        try
        {
            using var payload = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(jwt.EncodedPayload), Strict);
            var root = payload.RootElement;
            return new DelegationClaims(
                keyId,
                Find(root, "jti")?.GetString(),
                Find(root, "sub")?.GetString(),
                Time(Find(root, "iat")),
                Time(Find(root, "nbf")),
                Time(Find(root, "exp")),
                Find(root, "models") is { } models ? [.. models.EnumerateArray().Select(model => model.GetString() ?? "")] : null,
                Find(root, "token_budget")?.GetInt64());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    private static JsonElement? Find(JsonElement root, string name) => root.TryGetProperty(name, out var value) ? value : null;

    private static DateTimeOffset? Time(JsonElement? seconds) => seconds is { } value ? DateTimeOffset.FromUnixTimeSeconds(value.GetInt64()) : null;
}
