using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Mka1.Edge.Stores.Conversations;

/// <summary>Reads metadata for filtering by it.</summary>
internal static class MetadataPairs
{
    private const int FingerprintLength = 16;

    /// <summary>The pairs of a JSON object of strings.</summary>
    public static Dictionary<string, string> Of(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.EnumerateObject().ToDictionary(pair => pair.Name, pair => pair.Value.GetString()!, StringComparer.Ordinal);
    }

    /// <summary>A fingerprint of each pair: what a database can compare whatever characters the pair holds.</summary>
    public static byte[][] Fingerprints(IEnumerable<KeyValuePair<string, string>> pairs) => [.. pairs.Select(Fingerprint)];

    private static byte[] Fingerprint(KeyValuePair<string, string> pair)
    {
        // The key's length goes first, so that no two pairs run together into the same bytes.
        var key = Encoding.UTF8.GetBytes(pair.Key);
        var length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, key.Length);
        return SHA256.HashData([.. length, .. key, .. Encoding.UTF8.GetBytes(pair.Value)])[..FingerprintLength];
    }
}
