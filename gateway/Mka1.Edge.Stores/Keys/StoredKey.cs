namespace Mka1.Edge.Stores.Keys;

/// <summary>A key as the store holds it.</summary>
/// <param name="TenantId">Whose it is.</param>
/// <param name="Id">Its public name within the tenant.</param>
/// <param name="Settings">What it may do, as JSON; null when that stands in the configuration, and only what was done to the key since is here.</param>
/// <param name="CreatedAt">When the store first heard of it.</param>
/// <param name="RevokedAt">When the whole key was revoked; null when it was not.</param>
/// <param name="Secrets">Its secrets, oldest first.</param>
/// <param name="Version">Grows with every change of the key or a secret of it.</param>
public sealed record StoredKey(
    string TenantId,
    string Id,
    ReadOnlyMemory<byte>? Settings,
    DateTimeOffset CreatedAt,
    DateTimeOffset? RevokedAt,
    IReadOnlyList<StoredSecret> Secrets,
    long Version);
