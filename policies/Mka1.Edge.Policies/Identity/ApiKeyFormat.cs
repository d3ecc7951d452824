using System.Buffers;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Mka1.Edge.Policies.Identity;

/// <summary>
/// The shape of an API key: <c>mk-</c>, 32 random base62 characters (190 bits), then 6 base62 characters that hold the
/// CRC-32C of all before them. The checksum lets junk be refused without a look-up; it is no secret and proves nothing.
/// </summary>
/// <remarks>The layout follows GitHub's token format (prefix, random part, checksum).</remarks>
public static class ApiKeyFormat
{
    /// <summary>What every key begins with.</summary>
    public const string Prefix = "mk-";

    /// <summary>Length of a whole key in characters.</summary>
    public const int Length = 3 + RandomLength + ChecksumLength;

    private const int RandomLength = 32;
    private const int ChecksumLength = 6;
    private const int HintLength = 4;
    private static readonly SearchValues<char> Base62Characters = SearchValues.Create(Base62);
    private const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>Makes a new key from the system's cryptographic random source.</summary>
    public static string Create()
    {
        var body = Prefix + RandomNumberGenerator.GetString(Base62, RandomLength);
        Span<char> checksum = stackalloc char[ChecksumLength];
        Checksum(body, checksum);
        return string.Concat(body, checksum);
    }

    /// <summary>Whether <paramref name="key"/> has the length, alphabet and checksum of a key.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> key)
    {
        if (key.Length != Length || !key.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        if (key[Prefix.Length..].ContainsAnyExcept(Base62Characters)) return false;
        Span<char> expected = stackalloc char[ChecksumLength];
        Checksum(key[..^ChecksumLength], expected);
        return key[^ChecksumLength..].SequenceEqual(expected);
    }

    /// <summary>What of a key may be shown again, to tell it from others: its prefix and its last four characters.</summary>
    public static string Hint(ReadOnlySpan<char> key) => $"{Prefix}…{key[^HintLength..]}";

    /// <summary>SHA-256 of the key's bytes: the only form in which a key is kept.</summary>
    /// <remarks>A fast hash is right here: the key carries 190 random bits, so there is no dictionary to try.</remarks>
    public static byte[] Hash(ReadOnlySpan<char> key)
    {
        // UTF-8, not ASCII: the latter would turn every odd character into '?', and so two texts into one hash.
        Span<byte> bytes = stackalloc byte[Length];
        return Encoding.UTF8.TryGetBytes(key, bytes, out var written)
            ? SHA256.HashData(bytes[..written])
            : SHA256.HashData(Encoding.UTF8.GetBytes(key.ToString()));
    }

    /// <summary>Writes the SHA-256 of a well-formed key, without leaving anything to collect.</summary>
    public static void Hash(ReadOnlySpan<char> wellFormed, Span<byte> hash)
    {
        Span<byte> bytes = stackalloc byte[Length];
        SHA256.HashData(bytes[..Encoding.ASCII.GetBytes(wellFormed, bytes)], hash);
    }

    /// <summary>How a key is written in the configuration: <c>sha256:</c> and the 64 hexadecimal digits of its hash.</summary>
    public static string HashText(ReadOnlySpan<char> key) => "sha256:" + Convert.ToHexStringLower(Hash(key));

    private static void Checksum(ReadOnlySpan<char> body, Span<char> digits)
    {
        var crc = uint.MaxValue;
        foreach (var c in body) crc = BitOperations.Crc32C(crc, (byte)c);
        crc = ~crc;
        for (var i = digits.Length - 1; i >= 0; i--, crc /= 62) digits[i] = Base62[(int)(crc % 62)];
    }
}
