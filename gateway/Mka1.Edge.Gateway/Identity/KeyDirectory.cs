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

    private readonly ILogger<KeyDirectory> _logger;
    private volatile KeyRing _ring;

    public KeyDirectory(EdgeSnapshot snapshot, ILogger<KeyDirectory> logger)
    {
        _logger = logger;
        _configured = snapshot.Keys.ToDictionary(key => (key.Grant.TenantId, key.Grant.KeyId));
        _ring = new KeyRing(_configured.Values.Select(key => KeyCompiler.Merge(key, null)!), complete: false);
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
            var changes = new List<((string TenantId, string KeyId) Name, RingKey? Key)>();
            foreach (var key in keys)
            {
                var name = (key.TenantId, key.Id);
                if (_versions.TryGetValue(name, out var known) && known >= key.Version) continue;
                _versions[name] = key.Version;
                changes.Add((name, Merge(name, key)));
            }

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

    private RingKey? Merge((string TenantId, string KeyId) name, StoredKey? stored)
    {
        try
        {
            return KeyCompiler.Merge(_configured.GetValueOrDefault(name), stored);
        }
        catch (FormatException)
        {
            _logger.KeyUnreadable(name.TenantId, name.KeyId);
            return null;
        }
    }
}
