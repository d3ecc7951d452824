using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Reload;
using Mka1.Edge.Stores.Keys;

namespace Mka1.Edge.Gateway.Identity;

/// <summary>
/// The keys in use now, those of the configuration and those of the store together. Requests read one immutable ring; changes put
/// another in its place. Another configuration changes the keys it names, and takes back nothing that the store has said.
/// </summary>
internal sealed class KeyDirectory : IConfigFollower
{
    private readonly Lock _gate = new();

    /// <summary>Versions of all that the store has told of, keys out of use too: what comes late must not bring them back.</summary>
    private readonly Dictionary<(string TenantId, string KeyId), long> _versions = [];

    /// <summary>What the store has against secrets, of whatever key: a configuration to come may give one to a key of another name.</summary>
    private readonly Dictionary<KeyHash, SecretBounds> _bounds = [];

    /// <summary>What the store says of the keys that stand in the configuration; of others the ring has all there is to know.</summary>
    private readonly Dictionary<(string TenantId, string KeyId), StoredKey> _rows = [];

    /// <summary>Keys new to the configuration that the store knows too: they stay as the store has them until it has been read again.</summary>
    private readonly HashSet<(string TenantId, string KeyId)> _awaited = [];

    private readonly ILogger<KeyDirectory> _logger;
    private ConfiguredKeys _configured;
    private volatile KeyRing _ring;

    public KeyDirectory(EdgeConfiguration configuration, ILogger<KeyDirectory> logger)
    {
        _logger = logger;
        _configured = new ConfiguredKeys(configuration.Current);
        _ring = new KeyRing(_configured.All.Select(key => KeyCompiler.Merge(key, null, null)!), complete: false);
    }

    /// <summary>The keys in use now.</summary>
    public KeyRing Ring => _ring;

    /// <summary>Whether all keys should be read from the store again.</summary>
    public bool WantsAll
    {
        get
        {
            lock (_gate) return _awaited.Count > 0;
        }
    }

    /// <summary>The secret that the configuration gives a key; null when it knows no such key.</summary>
    public CompiledKey? Configured(string tenantId, string keyId) => Volatile.Read(ref _configured).Find((tenantId, keyId));

    /// <summary>The keys of a tenant that stand in the configuration, by name.</summary>
    public IEnumerable<CompiledKey> Configured(string tenantId) =>
        Volatile.Read(ref _configured).All.Where(key => key.Grant.TenantId == tenantId).OrderBy(key => key.Grant.KeyId, StringComparer.Ordinal);

    /// <summary>Another configuration changes the keys that it names otherwise than the one before.</summary>
    public Action Prepare(EdgeSnapshot next)
    {
        var keys = new ConfiguredKeys(next);
        return () => TakeUp(keys);
    }

    /// <summary>Takes in keys as they are now. What is not newer than what is known already changes nothing.</summary>
    public void Apply(IEnumerable<StoredKey> keys)
    {
        lock (_gate) Take(keys);
    }

    /// <summary>Takes in everything the store holds, and lets go of what it holds no longer.</summary>
    /// <param name="all">All keys, as they were read.</param>
    public void Replace(KeyChanges all)
    {
        lock (_gate)
        {
            var there = all.Keys.Select(key => (key.TenantId, key.Id)).ToHashSet();
            var gone = _versions.Where(known => known.Value <= all.Until && !there.Contains(known.Key)).Select(known => known.Key).ToList();
            foreach (var name in gone)
            {
                _versions.Remove(name);
                _rows.Remove(name);
                _awaited.Remove(name);
            }

            if (gone.Count > 0) _ring = _ring.With(gone.Select(name => (name, Merge(name, null))));
            Take(all.Keys);
            if (!_ring.IsComplete) _ring = _ring.Completed();
        }
    }

    private void TakeUp(ConfiguredKeys next)
    {
        lock (_gate)
        {
            var before = _configured;
            Volatile.Write(ref _configured, next);
            var changes = new List<((string TenantId, string KeyId) Name, RingKey? Key)>();
            foreach (var name in next.ChangedFrom(before))
            {
                var known = _rows.TryGetValue(name, out var row);
                if (next.Find(name) is null) _rows.Remove(name);
                if (known || !_versions.ContainsKey(name)) changes.Add((name, Merge(name, row)));
                else _awaited.Add(name);
            }

            _awaited.RemoveWhere(name => next.Find(name) is null);
            if (changes.Count > 0) _ring = _ring.With(changes);
        }
    }

    private void Take(IEnumerable<StoredKey> keys)
    {
        var rows = new Dictionary<(string TenantId, string KeyId), StoredKey?>();
        var renamed = new HashSet<(string TenantId, string KeyId)>();
        foreach (var key in keys)
        {
            var name = (key.TenantId, key.Id);
            if (_versions.TryGetValue(name, out var known) && (known > key.Version || (known == key.Version && !_awaited.Contains(name)))) continue;
            _versions[name] = key.Version;
            _awaited.Remove(name);
            if (_configured.Find(name) is not null) _rows[name] = key;
            Note(key, renamed);
            rows[name] = key;
        }

        // On these the store may have no word of its own.
        foreach (var name in renamed.Where(name => !_awaited.Contains(name))) rows.TryAdd(name, _rows.GetValueOrDefault(name));
        if (rows.Count > 0) _ring = _ring.With(rows.Select(row => (row.Key, Merge(row.Key, row.Value))));
    }

    /// <summary>Remembers what the store has against secrets, and which keys of other names have one of them from the configuration.</summary>
    private void Note(StoredKey key, HashSet<(string TenantId, string KeyId)> renamed)
    {
        foreach (var secret in key.Secrets)
        {
            var hash = KeyHash.Of(secret.Hash.Span);
            var bounds = new SecretBounds(secret.ExpiresAt, secret.RevokedAt is not null || key.RevokedAt is not null);
            if (bounds.IsNone && !_bounds.ContainsKey(hash)) continue;
            _bounds[hash] = bounds;
            if (_configured.NameOf(hash) is { } name && name != (key.TenantId, key.Id)) renamed.Add(name);
        }
    }

    private RingKey? Merge((string TenantId, string KeyId) name, StoredKey? stored)
    {
        try
        {
            var configured = _configured.Find(name);
            return KeyCompiler.Merge(configured, stored, configured?.Hash is { } hash && _bounds.TryGetValue(hash, out var bounds) ? bounds : null);
        }
        catch (FormatException)
        {
            _logger.KeyUnreadable(name.TenantId, name.KeyId);
            return null;
        }
    }
}
