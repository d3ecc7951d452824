namespace Mka1.Edge.Stores.Keys;

/// <summary>
/// API keys and what has been done to them. Whoever asks names a tenant; another tenant's keys are not there. Every method throws
/// <see cref="StoreUnavailableException"/> when the store cannot be reached.
/// </summary>
/// <remarks>
/// A key that stands in the configuration is unknown here until something is done to it: <c>configured</c> is the secret that the
/// configuration gives it, and is taken in then. Null says that the configuration knows no such key.
/// </remarks>
public interface IKeyStore
{
    /// <summary>Adds a key with its first secret.</summary>
    /// <returns>The key; null when the tenant has one of that name already.</returns>
    ValueTask<StoredKey?> CreateAsync(
        string tenantId, string keyId, ReadOnlyMemory<byte> settings, StoredSecret secret, CancellationToken cancellation = default);

    /// <summary>Gives a key another secret; its earlier ones expire at <paramref name="earlierUntil"/> unless they do before.</summary>
    /// <returns>The key; null when there is none, or it is revoked.</returns>
    ValueTask<StoredKey?> RotateAsync(
        string tenantId, string keyId, StoredSecret secret, DateTimeOffset earlierUntil, StoredSecret? configured, CancellationToken cancellation = default);

    /// <summary>Revokes a key, or one secret of it, from now on and for ever. What is revoked already stays as it is.</summary>
    /// <returns>The key; null when there is none, or it has no such secret.</returns>
    ValueTask<StoredKey?> RevokeAsync(
        string tenantId, string keyId, string? secretId, DateTimeOffset now, StoredSecret? configured, CancellationToken cancellation = default);

    /// <summary>The keys of a tenant by creation, oldest first; revoked ones too.</summary>
    ValueTask<IReadOnlyList<StoredKey>> ListAsync(string tenantId, CancellationToken cancellation = default);

    /// <summary>Every key that has changed since an earlier reading; all keys when <paramref name="since"/> is null.</summary>
    /// <param name="since">The <see cref="KeyChanges.Until"/> of the earlier reading.</param>
    /// <param name="cancellation">Gives up.</param>
    ValueTask<KeyChanges> ReadAsync(long? since, CancellationToken cancellation = default);
}
