using Mka1.Edge.Stores.Keys;

namespace Mka1.Edge.Gateway.Identity;

/// <summary>A secret as those who administer its key see it: by its hint.</summary>
internal sealed record SecretView(string Id, string Hint, string Status, long? CreatedAt, long? ExpiresAt, long? RevokedAt)
{
    /// <param name="secret">The secret.</param>
    /// <param name="isKnown">Whether the store has it, and so knows since when.</param>
    /// <param name="now">The present instant.</param>
    public static SecretView Of(StoredSecret secret, bool isKnown, DateTimeOffset now) => new(
        secret.Id,
        secret.Hint,
        secret.RevokedAt is not null ? "revoked" : secret.ExpiresAt <= now ? "expired" : "active",
        isKnown ? secret.CreatedAt.ToUnixTimeSeconds() : null,
        secret.ExpiresAt?.ToUnixTimeSeconds(),
        secret.RevokedAt?.ToUnixTimeSeconds());
}
