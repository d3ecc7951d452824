namespace Mka1.Edge.Stores.Keys;

/// <summary>One secret of a key, known by its hash alone.</summary>
/// <param name="Id">Names it among the secrets of its key.</param>
/// <param name="Hash">SHA-256 of the secret.</param>
/// <param name="Hint">What of it may be shown: enough to tell it from others.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">The instant from which it is refused; null for never.</param>
/// <param name="RevokedAt">When it was revoked; null when it was not.</param>
public sealed record StoredSecret(
    string Id, ReadOnlyMemory<byte> Hash, string Hint, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt = null, DateTimeOffset? RevokedAt = null);
