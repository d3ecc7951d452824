using System.Collections.Frozen;
using System.Security.Cryptography;
using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.Gateway.Configuration;

/// <summary>The keys of every tenant, found by hash. Keys themselves are not held.</summary>
internal sealed class KeyRing
{
    private const string HashScheme = "sha256:";
    private const int HashBytes = 32;

    private readonly FrozenDictionary<string, KeyRingEntry> _byHash;
    private readonly FrozenDictionary<(string TenantId, string KeyId), KeyRingEntry> _byId;

    public KeyRing(IEnumerable<KeyRingEntry> entries)
    {
        var all = entries.ToList();
        _byHash = all.ToFrozenDictionary(e => Convert.ToHexString(e.Hash), StringComparer.Ordinal);
        _byId = all.ToFrozenDictionary(e => (e.Grant.TenantId, e.Grant.KeyId));
    }

    /// <summary>The entry of a key by its public id; null when there is none any more.</summary>
    public KeyRingEntry? FindById(string tenantId, string keyId) => _byId.GetValueOrDefault((tenantId, keyId));

    /// <summary>The entry of <paramref name="key"/>; null when the key is malformed or unknown.</summary>
    public KeyRingEntry? Find(ReadOnlySpan<char> key)
    {
        if (!ApiKeyFormat.IsWellFormed(key)) return null;
        var hash = ApiKeyFormat.Hash(key);

        // The dictionary compares hashes, which tells an attacker nothing; the final word is a constant-time comparison.
        return _byHash.TryGetValue(Convert.ToHexString(hash), out var entry) && CryptographicOperations.FixedTimeEquals(hash, entry.Hash)
            ? entry
            : null;
    }

    /// <summary>Reads <c>sha256:</c> and 64 hexadecimal digits; null for anything else.</summary>
    public static byte[]? ParseHash(string text)
    {
        if (!text.StartsWith(HashScheme, StringComparison.Ordinal) || text.Length != HashScheme.Length + (HashBytes * 2)) return null;
        var hash = new byte[HashBytes];
        return Convert.FromHexString(text.AsSpan(HashScheme.Length), hash, out _, out var written) == System.Buffers.OperationStatus.Done
            && written == HashBytes ? hash : null;
    }
}
