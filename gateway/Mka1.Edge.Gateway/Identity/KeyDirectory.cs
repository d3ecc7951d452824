using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Stores.Keys;

namespace Mka1.Edge.Gateway.Identity;

/// <summary>
/// The keys in use now, those of the configuration and those of the store together. Requests read one immutable ring; changes put
/// another in its place.
/// </summary>
internal sealed class KeyDirectory
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string TenantId, string KeyId), CompiledKey> _configured;

    /// <summary>Versions of all that the store has told of, keys out of use too: what comes late must not bring them back.</summary>
    private readonly Dictionary<(string TenantId, string KeyId), long> _versions = [];

    /// <summary>What the store says of secrets that stand in the configuration, under whatever name: a new name in the file does not bring one back.</summary>
    private readonly Dictionary<KeyHash, StoredSecret> _secrets = [];

    private readonly Dictionary<KeyHash, (string TenantId, string KeyId)> _names = [];
    private readonly ILogger<KeyDirectory> _logger;
    private volatile KeyRing _ring;

    public KeyDirectory(EdgeSnapshot snapshot, ILogger<KeyDirectory> logger)
    {
        _logger = logger;
        _configured = snapshot.Keys.ToDictionary(key => (key.Grant.TenantId, key.Grant.KeyId));
        foreach (var (name, key) in _configured)
        {
            if (key.Hash is { } hash) _names[hash] = name;
        }

        _ring = new KeyRing(_configured.Values.Select(key => KeyCompiler.Merge(key, null, null)!), complete: false);
    }

    /// <summary>The keys in use now.</summary>
    public KeyRing Ring => _ring;

    /// <summary>The secret that the configuration gives a key; null when it knows no such key.</summary>
    public CompiledKey? Configured(string tenantId, string keyId) => _configured.GetValueOrDefault((tenantId, keyId));

    /// <summary>The keys of a tenant that stand in the configuration, by name.</summary>
    public IEnumerable<CompiledKey> Configured(string tenantId) =>
        _configured.Values.Where(key => key.Grant.TenantId == tenantId).OrderBy(key => key.Grant.KeyId, StringComparer.Ordinal);

    /// <summary>Takes in keys as they are now. What is not newer than what is known already changes nothing.</summary>
    public void Apply(IEnumerable<StoredKey> keys)
    {
        lock (_gate)
        {
            var changed = new List<StoredKey>();
            var renamed = new HashSet<(string TenantId, string KeyId)>();
            foreach (var key in keys)
            {
                var name = (key.TenantId, key.Id);
                if (_versions.TryGetValue(name, out var known) && known >= key.Version) continue;
                _versions[name] = key.Version;
                changed.Add(key);
                Note(key, renamed);
            }

            var changes = changed.Select(key => (Name: (key.TenantId, key.Id), Key: Merge((key.TenantId, key.Id), key))).ToList();

            // Before the store has a word of its own on them.
            foreach (var name in renamed.Where(name => !_versions.ContainsKey(name))) changes.Add((name, Merge(name, null)));

            if (changes.Count > 0) _ring = _ring.With(changes);
        }
    }

    /// <summary>Takes in everything the store holds, and lets go of what it holds no longer.</summary>
    /// <param name="all">All keys, as they were read.</param>
    public void Replace(KeyChanges all)
    {
        lock (_gate)
        {
            var there = all.Keys.Select(key => (key.TenantId, key.Id)).ToHashSet();
            var gone = _versions.Where(known => known.Value <= all.Until && !there.Contains(known.Key)).Select(known => known.Key).ToList();
            foreach (var name in gone) _versions.Remove(name);
            if (gone.Count > 0) _ring = _ring.With(gone.Select(name => (name, Merge(name, null))));
            Apply(all.Keys);
            if (!_ring.IsComplete) _ring = _ring.Completed();
        }
    }

    /// <summary>Remembers what the store says of secrets that the configuration gives to keys of other names.</summary>
    private void Note(StoredKey key, HashSet<(string TenantId, string KeyId)> renamed)
    {
        foreach (var secret in key.Secrets)
        {
            var hash = KeyHash.Of(secret.Hash.Span);
            if (!_names.TryGetValue(hash, out var name)) continue;
            _secrets[hash] = secret with { RevokedAt = secret.RevokedAt ?? key.RevokedAt };
            if (name != (key.TenantId, key.Id)) renamed.Add(name);
        }
    }

    private RingKey? Merge((string TenantId, string KeyId) name, StoredKey? stored)
    {
        try
        {
            var configured = _configured.GetValueOrDefault(name);
            return KeyCompiler.Merge(configured, stored, configured?.Hash is { } hash ? _secrets.GetValueOrDefault(hash) : null);
        }
        catch (FormatException)
        {
            _logger.KeyUnreadable(name.TenantId, name.KeyId);
            return null;
        }
    }
}
