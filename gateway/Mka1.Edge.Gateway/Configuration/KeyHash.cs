using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.Gateway.Configuration;

/// <summary>SHA-256 of a key, as a value that costs no object of its own.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct KeyHash : IEquatable<KeyHash>
{
    /// <summary>Bytes of a hash.</summary>
    public const int Size = 32;

    private const string Scheme = "sha256:";

    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    /// <summary>The hash whose bytes these are.</summary>
    public static KeyHash Of(ReadOnlySpan<byte> bytes) => MemoryMarshal.Read<KeyHash>(bytes);

    /// <summary>The hash of a well-formed key.</summary>
    public static KeyHash OfKey(ReadOnlySpan<char> wellFormed)
    {
        Span<byte> hash = stackalloc byte[Size];
        ApiKeyFormat.Hash(wellFormed, hash);
        return Of(hash);
    }

    /// <summary>Reads <c>sha256:</c> and 64 hexadecimal digits.</summary>
    public static bool TryParse(string text, out KeyHash hash)
    {
        hash = default;
        if (!text.StartsWith(Scheme, StringComparison.Ordinal) || text.Length != Scheme.Length + (Size * 2)) return false;
        Span<byte> bytes = stackalloc byte[Size];
        if (Convert.FromHexString(text.AsSpan(Scheme.Length), bytes, out _, out var written) != OperationStatus.Done || written != Size) return false;
        hash = Of(bytes);
        return true;
    }

    /// <summary>Compares in the same time wherever the two differ.</summary>
    public bool Matches(KeyHash other) => CryptographicOperations.FixedTimeEquals(Bytes(in this), Bytes(in other));

    public byte[] ToArray() => Bytes(in this).ToArray();

    public bool Equals(KeyHash other) => ((_a ^ other._a) | (_b ^ other._b) | (_c ^ other._c) | (_d ^ other._d)) == 0;

    public override bool Equals(object? obj) => obj is KeyHash other && Equals(other);

    /// <summary>A hash is random all over, so any part of it serves.</summary>
    public override int GetHashCode() => (int)_a;

    private static ReadOnlySpan<byte> Bytes(ref readonly KeyHash hash) => MemoryMarshal.AsBytes(new ReadOnlySpan<KeyHash>(in hash));
}
