namespace Mka1.Edge.Gateway.Configuration;

/// <summary>What the store has against a secret.</summary>
/// <param name="ExpiresAt">The instant from which it is refused; null for never.</param>
/// <param name="IsRevoked">Whether it is revoked, by itself or with its key.</param>
internal readonly record struct SecretBounds(DateTimeOffset? ExpiresAt, bool IsRevoked)
{
    /// <summary>Whether there is nothing.</summary>
    public bool IsNone => ExpiresAt is null && !IsRevoked;
}
