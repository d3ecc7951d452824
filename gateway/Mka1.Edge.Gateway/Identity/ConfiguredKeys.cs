using Mka1.Edge.Gateway.Configuration;

namespace Mka1.Edge.Gateway.Identity;

/// <summary>The keys that stand in one configuration. Immutable.</summary>
internal sealed class ConfiguredKeys
{
    private readonly Dictionary<(string TenantId, string KeyId), (CompiledKey Key, byte[] Settings)> _keys;
    private readonly Dictionary<KeyHash, (string TenantId, string KeyId)> _names = [];

    public ConfiguredKeys(EdgeSnapshot snapshot)
    {
        _keys = snapshot.Keys.ToDictionary(
            key => (key.Grant.TenantId, key.Grant.KeyId),
            key => (key, KeyCompiler.Write(snapshot.Config.Tenants[key.Grant.TenantId].Keys[key.Grant.KeyId])));
        foreach (var (name, (key, _)) in _keys)
        {
            if (key.Hash is { } hash) _names[hash] = name;
        }
    }

    public IEnumerable<CompiledKey> All => _keys.Values.Select(entry => entry.Key);

    /// <summary>A key; null when it does not stand here.</summary>
    public CompiledKey? Find((string TenantId, string KeyId) name) => _keys.GetValueOrDefault(name).Key;

    /// <summary>The key that has a secret; null when none has.</summary>
    public (string TenantId, string KeyId)? NameOf(KeyHash secret) => _names.TryGetValue(secret, out var name) ? name : null;

    /// <summary>Names of the keys that are new here, are otherwise than before, or are no longer here.</summary>
    public IEnumerable<(string TenantId, string KeyId)> ChangedFrom(ConfiguredKeys before) =>
    [
        .. _keys.Where(now => !before._keys.TryGetValue(now.Key, out var then) || !then.Settings.AsSpan().SequenceEqual(now.Value.Settings)).Select(now => now.Key),
        .. before._keys.Keys.Where(name => !_keys.ContainsKey(name)),
    ];
}
