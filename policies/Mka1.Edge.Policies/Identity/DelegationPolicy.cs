namespace Mka1.Edge.Policies.Identity;

/// <summary>Decides what a delegated key may do, from its claims. A claim that cannot be used refuses the key: leaving it out would allow more than was meant.</summary>
public static class DelegationPolicy
{
    /// <summary>What every delegated key begins with, before the signed token.</summary>
    public const string Prefix = "mkd-";

    /// <summary>Most characters a delegated key may have; a longer one is refused unread.</summary>
    public const int MaxLength = 4096;

    /// <summary>How far ahead a delegated key may expire: it cannot be revoked alone, so it must end by itself.</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(30);

    /// <summary>How far the clock of whoever mints may be ahead.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    private const int MaxIdLength = 128;
    private const int MaxModels = 100;

    public static DelegationDecision Decide(DelegationClaims claims, DateTimeOffset now)
    {
        if (claims.Subject is null || OnBehalfOf.Read([claims.Subject]) is not OnBehalfOf.User)
            return Refused($"'sub' must be the end user: 1 to {OnBehalfOf.MaxLength} printable ASCII characters, not '*'");
        if (claims.Id is not { Length: > 0 and <= MaxIdLength } id || id.AsSpan().ContainsAnyExceptInRange('\x21', '\x7e'))
            return Refused($"'jti' must be 1 to {MaxIdLength} printable ASCII characters without spaces");
        if (claims.IssuedAt is not { } issued) return Refused("'iat' must be there, in whole seconds");
        if (claims.ExpiresAt is not { } expires) return Refused("'exp' must be there, in whole seconds");
        if (issued > now + ClockSkew || claims.NotBefore > now + ClockSkew) return Refused("its time has not come: 'iat' or 'nbf' lies ahead");
        if (expires <= now) return Refused("it has expired");
        if (expires > now + MaxLifetime + ClockSkew) return Refused($"'exp' may lie at most {MaxLifetime.TotalDays:0} days ahead");
        if (claims.Models is { Count: 0 or > MaxModels } || claims.Models?.Any(string.IsNullOrEmpty) == true)
            return Refused($"'models' must hold 1 to {MaxModels} names, or be left out");
        if (claims.TokenBudget <= 0) return Refused("'token_budget' must be a whole number above 0, or be left out");

        // The key's own id is part of it, so that two keys of a tenant share no budget.
        return new DelegationDecision.Accepted(new Delegation(
            $"{claims.KeyId}/{id}", claims.Subject, (claims.Models ?? []).ToHashSet(StringComparer.Ordinal), claims.TokenBudget, expires));
    }

    private static DelegationDecision.Refused Refused(string reason) => new(reason);
}
