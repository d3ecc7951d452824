namespace Mka1.Edge.Stores.Keys;

/// <summary>Keys that live as long as the process.</summary>
public sealed class MemoryKeyStore : IKeyStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string TenantId, string KeyId), StoredKey> _keys = [];
    private long _version;

    public ValueTask<StoredKey?> CreateAsync(
        string tenantId, string keyId, ReadOnlyMemory<byte> settings, StoredSecret secret, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            if (_keys.ContainsKey((tenantId, keyId))) return ValueTask.FromResult<StoredKey?>(null);
            return ValueTask.FromResult<StoredKey?>(Put(new StoredKey(tenantId, keyId, settings, secret.CreatedAt, null, [secret], 0)));
        }
    }

    public ValueTask<StoredKey?> RotateAsync(
        string tenantId, string keyId, StoredSecret secret, DateTimeOffset earlierUntil, StoredSecret? configured, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            if (Find(tenantId, keyId, configured) is not { RevokedAt: null } key) return ValueTask.FromResult<StoredKey?>(null);
            var earlier = key.Secrets.Select(s => s.ExpiresAt <= earlierUntil ? s : s with { ExpiresAt = earlierUntil });
            return ValueTask.FromResult<StoredKey?>(Put(key with { Secrets = [.. earlier, secret] }));
        }
    }

    public ValueTask<StoredKey?> RevokeAsync(
        string tenantId, string keyId, string? secretId, DateTimeOffset now, StoredSecret? configured, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            if (Find(tenantId, keyId, configured) is not { } key) return ValueTask.FromResult<StoredKey?>(null);
            if (secretId is null) return ValueTask.FromResult<StoredKey?>(Put(key with { RevokedAt = key.RevokedAt ?? now }));
            if (key.Secrets.All(s => s.Id != secretId)) return ValueTask.FromResult<StoredKey?>(null);
            var secrets = key.Secrets.Select(s => s.Id == secretId ? s with { RevokedAt = s.RevokedAt ?? now } : s);
            return ValueTask.FromResult<StoredKey?>(Put(key with { Secrets = [.. secrets] }));
        }
    }

    public ValueTask<IReadOnlyList<StoredKey>> ListAsync(string tenantId, CancellationToken cancellation = default)
    {
        lock (_gate) return ValueTask.FromResult<IReadOnlyList<StoredKey>>([.. Ordered(_keys.Values.Where(key => key.TenantId == tenantId))]);
    }

    public ValueTask<KeyChanges> ReadAsync(long? since, CancellationToken cancellation = default)
    {
        lock (_gate) return ValueTask.FromResult(new KeyChanges([.. Ordered(_keys.Values.Where(key => since is null || key.Version > since))], _version));
    }

    private static IOrderedEnumerable<StoredKey> Ordered(IEnumerable<StoredKey> keys) =>
        keys.OrderBy(key => key.TenantId, StringComparer.Ordinal).ThenBy(key => key.CreatedAt).ThenBy(key => key.Id, StringComparer.Ordinal);

    private StoredKey? Find(string tenantId, string keyId, StoredSecret? configured)
    {
        var known = _keys.GetValueOrDefault((tenantId, keyId));
        if (configured is null) return known;
        known ??= new StoredKey(tenantId, keyId, null, configured.CreatedAt, null, [], 0);

        // The configuration may have been given another secret since.
        if (Holds(known, configured)) return known;
        return Former(configured) is { } former ? Put(known with { Secrets = [.. known.Secrets, former] }) : known with { Secrets = [.. known.Secrets, configured] };
    }

    /// <summary>A secret that stood under another name before, with all that was done to it there. It is taken from that name.</summary>
    private StoredSecret? Former(StoredSecret configured)
    {
        if (_keys.Values.FirstOrDefault(key => Holds(key, configured)) is not { } former) return null;
        var secret = former.Secrets.First(known => Same(known, configured));
        Put(former with { Secrets = [.. former.Secrets.Where(known => !Same(known, configured))] });
        return secret with { RevokedAt = secret.RevokedAt ?? former.RevokedAt };
    }

    private static bool Holds(StoredKey key, StoredSecret secret) => key.Secrets.Any(known => Same(known, secret));

    private static bool Same(StoredSecret one, StoredSecret other) => one.Hash.Span.SequenceEqual(other.Hash.Span);

    private StoredKey Put(StoredKey key) => _keys[(key.TenantId, key.Id)] = key with { Version = ++_version };
}
