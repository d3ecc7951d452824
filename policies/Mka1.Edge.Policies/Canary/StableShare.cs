using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Mka1.Edge.Policies.Canary;

/// <summary>
/// Says whether a key is among a share of all keys: the same on every replica and after every restart. The share is exact in
/// expectation, and whoever is in stays in when it grows.
/// </summary>
public static class StableShare
{
    private const double Unit = 1.0 / (1UL << 53);

    /// <param name="percent">The share, 0 (nobody) to 100 (everybody).</param>
    /// <param name="key">The key's parts; null is a part like any other.</param>
    public static bool Holds(double percent, params ReadOnlySpan<string?> key) => percent > 0 && Position(key) < percent / 100;

    /// <summary>Where a key lies between 0 and 1 (not reached): evenly spread, whatever the keys look like.</summary>
    private static double Position(ReadOnlySpan<string?> key)
    {
        // Lengths in front, so that no two keys come to the same text.
        var text = new StringBuilder();
        foreach (var part in key)
        {
            if (part is null) text.Append('-');
            else text.Append(part.Length).Append(':').Append(part);
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()), hash);
        return (BinaryPrimitives.ReadUInt64BigEndian(hash) >> 11) * Unit;
    }
}
