using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.Gateway.Configuration;

/// <summary>The keys of every tenant that are in use, found by hash. Keys themselves are not held. Immutable.</summary>
internal sealed class KeyRing
{
    private readonly Dictionary<KeyHash, KeyRingEntry> _byHash;
    private readonly Dictionary<(string TenantId, string KeyId), RingKey> _byId;

    private KeyRing(Dictionary<KeyHash, KeyRingEntry> byHash, Dictionary<(string TenantId, string KeyId), RingKey> byId, bool complete) =>
        (_byHash, _byId, IsComplete) = (byHash, byId, complete);

    public KeyRing(IEnumerable<RingKey> keys, bool complete)
        : this([], [], complete)
    {
        foreach (var key in keys) Add(key);
    }

    /// <summary>False as long as there may be keys that nobody has read yet.</summary>
    public bool IsComplete { get; }

    public int Count => _byHash.Count;

    /// <summary>A key by its public id; null when there is none any more.</summary>
    public RingKey? FindById(string tenantId, string keyId) => _byId.TryGetValue((tenantId, keyId), out var key) ? key : null;

    /// <summary>The entry of <paramref name="key"/>; null when the key is malformed or unknown.</summary>
    public KeyRingEntry? Find(ReadOnlySpan<char> key)
    {
        if (!ApiKeyFormat.IsWellFormed(key)) return null;
        var hash = KeyHash.OfKey(key);

        // The dictionary compares hashes, which tells an attacker nothing; the final word is a constant-time comparison.
        return _byHash.TryGetValue(hash, out var entry) && hash.Matches(entry.Hash) ? entry : null;
    }

    /// <summary>The same ring with other keys in place of some: null takes one out.</summary>
    public KeyRing With(IEnumerable<((string TenantId, string KeyId) Name, RingKey? Key)> changes)
    {
        var ring = new KeyRing(new Dictionary<KeyHash, KeyRingEntry>(_byHash), new Dictionary<(string TenantId, string KeyId), RingKey>(_byId), IsComplete);
        var added = new List<RingKey>();
        foreach (var (name, key) in changes)
        {
            if (ring._byId.Remove(name, out var earlier))
            {
                foreach (var secret in earlier.Secrets) ring._byHash.Remove(secret.Hash);
            }

            if (key is not null) added.Add(key);
        }

        // Behind all that goes: a secret may have moved from one key to another.
        foreach (var key in added) ring.Add(key);
        return ring;
    }

    /// <summary>The same ring, now that all keys have been read.</summary>
    public KeyRing Completed() => new(_byHash, _byId, complete: true);

    private void Add(RingKey key)
    {
        _byId[(key.Grant.TenantId, key.Grant.KeyId)] = key;
        foreach (var secret in key.Secrets) _byHash[secret.Hash] = secret;
    }
}
